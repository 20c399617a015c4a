//! From a sequence that fails to the shortest that still does: likely parts first, then halves, then one after another.

/// Shrinks a sequence. `fails` tries one, and returns after how many of its elements it failed; `likely` are sequences that may
/// replace it, the likeliest first; `simpler` returns what may replace an element, given the last; nothing may be simpler than itself.
pub(crate) async fn shrink<T: Clone + PartialEq>(
    whole: Vec<T>,
    likely: Vec<Vec<T>>,
    simpler: impl Fn(&T, Option<&T>) -> Vec<Vec<T>>,
    mut fails: impl AsyncFnMut(&[T]) -> Option<usize>,
) -> Vec<T> {
    let mut left = whole;
    for part in likely {
        if part.len() < left.len()
            && let Some(length) = fails(&part).await
        {
            left = part;
            left.truncate(length);
            break;
        }
    }
    loop {
        left = without(left, &mut fails).await;
        let mut changed = false;
        for at in 0..left.len() {
            let Some(element) = left.get(at) else { break };
            for other in simpler(element, left.last()) {
                let (before, rest) = left.split_at(at);
                let tried: Vec<T> = before.iter().chain(&other).chain(rest.iter().skip(1)).cloned().collect();
                if let Some(length) = fails(&tried).await {
                    left = tried;
                    left.truncate(length);
                    changed = true;
                    break;
                }
            }
        }
        if !changed {
            return left;
        }
    }
}

/// Leaves out what is not needed: halves first, then less and less, until no element can go.
async fn without<T: Clone>(mut left: Vec<T>, fails: &mut impl AsyncFnMut(&[T]) -> Option<usize>) -> Vec<T> {
    let mut size = left.len().div_ceil(2);
    while size > 0 && left.len() > 1 {
        let mut at = 0;
        let mut smaller = false;
        while at < left.len() && left.len() > 1 {
            let kept = left.iter().enumerate().filter(|(index, _)| !(at..at + size).contains(index));
            let part: Vec<T> = kept.map(|(_, element)| element.clone()).collect();
            match fails(&part).await {
                Some(length) if !part.is_empty() => {
                    left = part;
                    left.truncate(length);
                    smaller = true;
                }
                _ => at += size,
            }
        }
        // Where something went, what depended on it may go now.
        if !smaller || size > left.len() {
            size = if size == 1 { 0 } else { size.div_ceil(2).min(left.len().div_ceil(2).max(1)) };
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn shrunk(whole: Vec<u32>, likely: Vec<Vec<u32>>, fails: impl Fn(&[u32]) -> bool) -> (Vec<u32>, usize) {
        let mut tries = 0;
        let tried = async |part: &[u32]| {
            tries += 1;
            (1..=part.len()).find(|length| part.get(..*length).is_some_and(&fails))
        };
        let left =
            shrink(whole, likely, |number, _| if *number > 100 { vec![vec![number - 100]] } else { Vec::new() }, tried);
        let left = left.now_or_never().unwrap();
        (left, tries)
    }

    #[test]
    fn what_does_not_matter_goes() {
        let needs = |part: &[u32]| [3, 50, 97].iter().all(|number| part.contains(number));
        let (left, tries) = shrunk((0..100).collect(), Vec::new(), needs);
        assert_eq!(left, [3, 50, 97]);
        assert!(tries < 100, "{tries}");
    }

    #[test]
    fn what_must_be_many_stays_as_many() {
        let (left, _) = shrunk((0..100).collect(), Vec::new(), |part| part.len() >= 4);
        assert_eq!(left.len(), 4);
    }

    #[test]
    fn a_likely_part_saves_the_halving() {
        let needs = |part: &[u32]| part.contains(&7) && part.contains(&99);
        let (left, tries) = shrunk((0..100).collect(), vec![vec![5, 6], vec![7, 8, 99]], needs);
        assert_eq!(left, [7, 99]);
        assert!(tries < 12, "{tries}");
    }

    #[test]
    fn what_fails_earlier_ends_there_and_what_is_simpler_takes_its_place() {
        let (left, _) = shrunk(vec![1, 2, 3, 4], Vec::new(), |part| part.contains(&2));
        assert_eq!(left, [2]);
        let (left, _) = shrunk(vec![1, 107], Vec::new(), |part| part.iter().any(|number| number % 100 == 7));
        assert_eq!(left, [7]);
    }

    #[test]
    fn what_cannot_be_made_to_fail_again_stays_whole() {
        let (left, _) = shrunk(vec![1, 2, 3], vec![vec![1]], |_| false);
        assert_eq!(left, [1, 2, 3]);
    }
}
