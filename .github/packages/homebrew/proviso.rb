class Proviso < Formula
  desc "Tests whether a vendor's HTTP API does what its documentation says"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@DOWNLOADS@/@ARCHIVE_AARCH64_APPLE_DARWIN@"
      sha256 "@SHA256_AARCH64_APPLE_DARWIN@"
    end
    on_intel do
      url "@DOWNLOADS@/@ARCHIVE_X86_64_APPLE_DARWIN@"
      sha256 "@SHA256_X86_64_APPLE_DARWIN@"
    end
  end

  on_linux do
    on_arm do
      url "@DOWNLOADS@/@ARCHIVE_AARCH64_UNKNOWN_LINUX_MUSL@"
      sha256 "@SHA256_AARCH64_UNKNOWN_LINUX_MUSL@"
    end
    on_intel do
      url "@DOWNLOADS@/@ARCHIVE_X86_64_UNKNOWN_LINUX_MUSL@"
      sha256 "@SHA256_X86_64_UNKNOWN_LINUX_MUSL@"
    end
  end

  def install
    bin.install "proviso"
    bash_completion.install "completions/proviso.bash" => "proviso"
    fish_completion.install "completions/proviso.fish"
    zsh_completion.install "completions/_proviso"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/proviso --version")
    assert_match "1 violates", shell_output("#{bin}/proviso demo")
  end
end
