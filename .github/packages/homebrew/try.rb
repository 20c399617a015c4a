# Evaluates the formula with a stand-in for Homebrew, installs from another address and runs the formula's own test:
# ruby try.rb FORMULA ADDRESS PREFIX
require "digest"
require "fileutils"
require "open-uri"
require "pathname"
require "tmpdir"

formula, address, prefix = ARGV
INTEL = RUBY_PLATFORM.start_with?("x86_64")
LINUX = RUBY_PLATFORM.include?("linux")

# A folder of the prefix that takes files, under other names where that is asked.
class Place < Pathname
  def install(files)
    mkpath
    files = files.is_a?(Hash) ? files : { files => File.basename(files) }
    files.each { |from, name| FileUtils.cp(from, self + name) }
  end
end

# What Homebrew gives to a formula, as far as this one asks for it.
class Formula
  class << self
    attr_reader :facts, :testing
    %i[desc homepage version license url sha256].each do |name|
      define_method(name) do |value|
        (@facts ||= {})[name] = value
      end
    end
    def on_macos = LINUX || yield
    def on_linux = LINUX && yield
    def on_intel = INTEL && yield
    def on_arm = INTEL || yield
    def test(&block) = @testing = block
  end

  def initialize(prefix) = @prefix = Place.new(prefix)
  def bin = Place.new(@prefix + "bin")
  def bash_completion = Place.new(@prefix + "etc/bash_completion.d")
  def fish_completion = Place.new(@prefix + "share/fish/vendor_completions.d")
  def zsh_completion = Place.new(@prefix + "share/zsh/site-functions")
  def version = self.class.facts[:version]
  def shell_output(command) = `#{command}`.tap { raise "#{command} failed" unless $?.success? }
  def assert_match(expected, text) = text.include?(expected) || raise("#{expected} is not in #{text}")
end

load formula
facts = Proviso.facts
raise "the description is longer than Homebrew allows" if facts[:desc].length > 80
file = File.basename(facts[:url])
raise "#{facts[:url]} is no file of a release" unless facts[:url].end_with?("/releases/download/v#{facts[:version]}/#{file}")

packed = URI.open("#{address}/#{file}", &:read)
found = Digest::SHA256.hexdigest(packed)
raise "#{file} has the checksum #{found}, and the formula #{facts[:sha256]}" unless found == facts[:sha256]
Dir.mktmpdir do |folder|
  File.binwrite("#{folder}/#{file}", packed)
  system("tar", "-C", folder, "--strip-components", "1", "-xzf", "#{folder}/#{file}", exception: true)
  Dir.chdir(folder) { Proviso.new(prefix).install }
end
raise "no completions" unless Dir["#{prefix}/{etc,share}/**/*proviso*"].count { |path| File.file?(path) } == 3
Proviso.new(prefix).instance_eval(&Proviso.testing)
