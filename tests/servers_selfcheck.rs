//! The stand-ins prove themselves: whoever tests with them must be able to trust them.

mod servers;
