using System.Diagnostics;
using System.Security.Cryptography;
using Cutover.Mapi.Messages.Msg;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.Messages.Msg;

public sealed class CompoundFileTests
{
    private const int NotInstalled = 77;

    [Fact]
    public void Every_stream_of_the_corpus_is_what_an_independent_reader_finds() => Assert.All(ByOracle().GroupBy(line => line.File), file =>
    {
        var expected = file.Where(line => line.Path is not ("-" or "?")).Select(line => $"{line.Path} {line.Size} {line.Digest}").Order(StringComparer.Ordinal);
        if (IsDamaged(file.Key) || file.Any(line => line.Path == "-")) Assert.Throws<MapiProtocolException>(() => Streams(file.Key));
        else Assert.Equal(expected, Streams(file.Key).Order(StringComparer.Ordinal));
    });

    [Fact]
    public void Every_property_of_the_corpus_is_read() => Assert.All(ByOracle().Where(line => line.Path == "?" && !IsDamaged(line.File)), line =>
    {
        using var file = File.OpenRead(line.File);
        var ids = MsgReader.Read(file).Properties.Select(property => property.Tag.Id.ToString("X4")).ToHashSet();
        Assert.Empty(line.Digest.Split(' ').Except(ids).Except(WithoutValue(line.File)));
    });

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        var random = new Random(5);
        foreach (var path in MsgReaderTests.Files().Take(40))
        {
            var bytes = File.ReadAllBytes(path);
            for (var i = 0; i < 25; i++) Try(Damaged(bytes, random));
        }
    }

    [Fact]
    public void A_chain_in_a_circle_is_noticed()
    {
        var bytes = File.ReadAllBytes(MsgReaderTests.Files().First());
        var fat = (BitConverter.ToInt32(bytes, 0x4C) + 1) * 512;
        var directory = BitConverter.ToInt32(bytes, 0x30);
        BitConverter.TryWriteBytes(bytes.AsSpan(fat + 4 * directory), directory);
        Assert.Throws<MapiProtocolException>(() => CompoundFile.Open(new MemoryStream(bytes)));
    }

    // Damaged on purpose: directories that are no trees, a stream of 1.9 GB in a file of 20 kB.
    private static bool IsDamaged(string path) => Path.GetFileName(path) is "unknown_properties.msg"
        or "clusterfuzz-testcase-minimized-POIHSMFFuzzer-4735011465854976.msg" or "clusterfuzz-testcase-minimized-POIHSMFFuzzer-5336473854148608.msg";

    private static byte[] Damaged(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var i = 0; i < 8; i++) bytes[random.Next(random.Next(3) == 0 ? 512 : bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static void Try(byte[] bytes)
    {
        try
        {
            _ = MsgReader.Read(new MemoryStream(bytes));
        }
        catch (MapiProtocolException)
        {
        }
    }

    // Some writers list values that they don't write.
    private static IEnumerable<string> WithoutValue(string path)
    {
        using var file = File.OpenRead(path);
        var root = CompoundFile.Open(file).Root;
        var entries = root.Children["__properties_version1.0"].ReadAll();
        var found = new List<string>();
        for (var at = 32; at + 16 <= entries.Length; at += 16)
        {
            var tag = new PropertyTag(BitConverter.ToUInt32(entries, at));
            if (!root.Children.ContainsKey($"__substg1.0_{tag.Value:X8}")) found.Add(tag.Id.ToString("X4"));
        }
        return found;
    }

    private static IEnumerable<string> Streams(string path)
    {
        using var file = File.OpenRead(path);
        return [.. Streams(CompoundFile.Open(file).Root, "")];
    }

    private static IEnumerable<string> Streams(CompoundEntry storage, string path) => storage.Children.Values.SelectMany(child =>
        child.Kind == CompoundEntryKind.Storage ? Streams(child, $"{path}{child.Name}/")
            : [$"{path}{child.Name} {child.Size} {Convert.ToHexStringLower(SHA256.HashData(child.ReadAll()))}"]);

    private static List<(string File, string Path, string Size, string Digest)> ByOracle()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Messages", "Oracles", "compound_file.py");
        using var python = Start(["/usr/bin/python3", script, .. MsgReaderTests.Files()]);
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        if (python.ExitCode == NotInstalled) Assert.Skip("Debian's python3-olefile is not installed: apt-get install python3-olefile");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(line => (line[0], line[1], line[2], line[3]))];
    }

    private static Process Start(string[] command)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("python3 did not start.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed; it runs the oracles.");
            throw;
        }
    }
}
