using System.Globalization;
using Cutover.Core.Faults;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Server;
using Spectre.Console;

namespace Cutover.Cli.Output;

/// <summary>Writes items of a folder as files of a directory, named by date and id; run again, it writes what is not there yet.</summary>
internal sealed class ItemExport(MailboxView view, ViewedFolder folder, string directory, ItemFormat format, IAnsiConsole console)
{
    private const string Unfinished = ".part";
    private long written;
    private long kept;
    private long bytes;
    private long failed;

    public async Task<int> OneAsync(string itemId, CancellationToken ct)
    {
        MakeDirectory();
        await WriteAsync(itemId, FileOf(itemId, received: null), ct);
        console.MarkupLineInterpolated($"Wrote {FileOf(itemId, received: null)}, {Amounts.Bytes(bytes)}.");
        return ExitCode.Success;
    }

    public async Task<int> AllAsync(CancellationToken ct)
    {
        MakeDirectory();
        // Reading an item needs the connection that the table is read on, so the list comes first: ids and dates only.
        var items = await view.GetItemsAsync(folder, ct).Select(item => (item.Id, item.Received)).ToListAsync(ct);
        await console.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var task = progress.AddTask(Markup.Escape(folder.Path), maxValue: Math.Max(1, items.Count));
            foreach (var (id, received) in items)
            {
                await TryWriteAsync(id, received, ct);
                task.Increment(1);
            }
        });
        console.MarkupLineInterpolated(
            $"Wrote {written:N0} items, {Amounts.Bytes(bytes)}, into {directory}; {kept:N0} were there already, {failed:N0} could not be read.");
        return failed == 0 ? ExitCode.Success : ExitCode.DoneWithSkippedItems;
    }

    /// <summary>An item that can't be read costs itself.</summary>
    private async Task TryWriteAsync(string id, DateTime? received, CancellationToken ct)
    {
        var file = FileOf(id, received);
        if (File.Exists(file))
        {
            kept++;
            return;
        }
        try
        {
            await WriteAsync(id, file, ct);
        }
        catch (MigrationFault fault) when (fault.Scope is FaultScope.Item or FaultScope.Mailbox)
        {
            failed++;
            console.MarkupLineInterpolated($"[yellow]{id}: {fault.Message}[/]");
        }
    }

    private async Task WriteAsync(string id, string file, CancellationToken ct)
    {
        var message = await view.ReadAsync(folder, id, ct);
        await using (var output = new FileStream(file + Unfinished, FileMode.Create))
        {
            await ItemFile.WriteAsync(message, format, view.Addresses, output, ct);
            bytes += output.Length;
        }
        File.Move(file + Unfinished, file, overwrite: true);
        written++;
    }

    private void MakeDirectory()
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"The folder {directory} can't be written: {error.Message}");
        }
    }

    private string FileOf(string id, DateTime? received)
    {
        var date = received is { } time ? time.ToString("yyyyMMdd-HHmmss-", CultureInfo.InvariantCulture) : "";
        return Path.Combine(directory, $"{date}{id}{ItemFile.Extension(format)}");
    }
}
