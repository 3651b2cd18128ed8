# Made by `cargo xtask dist --join`; the text is that of `xtask/src/dist/formula.rb`.
class Uvshift < Formula
  desc "Move a Python project from pip to uv, and prove that nothing was lost"
  homepage "{repository}"
  version "{version}"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "{url aarch64-apple-darwin}"
      sha256 "{sha256 aarch64-apple-darwin}"
    end
    on_intel do
      url "{url x86_64-apple-darwin}"
      sha256 "{sha256 x86_64-apple-darwin}"
    end
  end

  on_linux do
    on_arm do
      url "{url aarch64-unknown-linux-musl}"
      sha256 "{sha256 aarch64-unknown-linux-musl}"
    end
    on_intel do
      url "{url x86_64-unknown-linux-musl}"
      sha256 "{sha256 x86_64-unknown-linux-musl}"
    end
  end

  depends_on "uv"

  def install
    bin.install "uvshift"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/uvshift.bash" => "uvshift"
    zsh_completion.install "completions/_uvshift"
    fish_completion.install "completions/uvshift.fish"
    pwsh_completion.install "completions/_uvshift.ps1"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/uvshift --version")
    (testpath/"requirements.txt").write "requests==2.31.0\n"
    assert_match "requirements.txt", shell_output("#{bin}/uvshift check")
  end
end
