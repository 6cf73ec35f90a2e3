using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Cutover.Core.Mailboxes;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>The decoders of ../shared/oracles, which were written apart from the product.</summary>
internal static partial class ItemStreamOracle
{
    private const uint TransferBuffer = 2;

    /// <summary>Fails the test where a decoder does not read the records of an item's stream, or the FastTransfer stream in them, to the end.</summary>
    public static async Task AcceptsAsync(MailboxItem item)
    {
        using var bytes = new MemoryStream();
        await using (var stream = await item.OpenAsync(default)) await stream.CopyToAsync(bytes);
        var records = Record().Matches(await RunAsync("item_stream.py", bytes.ToArray()));
        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.Equal(record.Groups[1].Value, record.Groups[2].Value));
        Assert.Contains(" OK ", await RunAsync("fasttransfer.py", Content(bytes.ToArray())));
    }

    private static byte[] Content(ReadOnlySpan<byte> stream)
    {
        using var content = new MemoryStream();
        while (!stream.IsEmpty)
        {
            var (opcode, length) = (BinaryPrimitives.ReadUInt32LittleEndian(stream), BinaryPrimitives.ReadInt32LittleEndian(stream[4..]));
            if (opcode == TransferBuffer) content.Write(stream.Slice(8, length));
            stream = stream[(8 + length)..];
        }
        return content.ToArray();
    }

    private static async Task<string> RunAsync(string script, byte[] bytes)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bytes);
            using var python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(SharedMaterial.Require("oracles"), script), file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = python.StandardError.ReadToEndAsync();
            var output = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            Assert.True(python.ExitCode == 0, await errors);
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"rec op=\d+ len=(\d+) \(have (\d+)\)")]
    private static partial Regex Record();
}
