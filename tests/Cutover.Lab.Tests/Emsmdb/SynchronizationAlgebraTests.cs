using CsCheck;
using Cutover.Core.Mailboxes;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Tests.Store;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Tests.Emsmdb;

/// <summary>Whatever happens in a mailbox, a client that applies one synchronisation after the other has what the store has.</summary>
public sealed class SynchronizationAlgebraTests
{
    private static readonly FolderRole[] Roles = [FolderRole.Inbox, FolderRole.SentItems];

    private enum Step
    {
        Save,
        SaveAssociated,
        Update,
        ToggleRead,
        Move,
        Delete,
        Synchronize,
        SynchronizePartly,
        SynchronizeWithoutReadState,
    }

    private static readonly Gen<(Step Step, int Which, int Part)[]> Histories =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1000], Gen.Int[0, 9]).Array[1, 40];

    [Fact]
    public async Task A_client_that_synchronises_equals_the_store()
    {
        using var fixture = new EmsmdbFixture();
        var count = 0;
        await Histories.SampleAsync(
            async history => await CheckAsync(fixture, Interlocked.Increment(ref count), history),
            iter: 60, threads: 1);
    }

    [Fact]
    public async Task An_independent_decoder_reads_every_stream()
    {
        var oracle = SharedMaterial.Require("oracles/fasttransfer.py");
        using var fixture = new EmsmdbFixture();
        var history = Enumerable.Range(0, 60).Select(i => ((Step)(i * 7 % 9), i * 13, i % 10)).ToArray();
        var streams = await CheckAsync(fixture, 1, history);
        var folder = Directory.CreateTempSubdirectory("cutover-streams-").FullName;
        try
        {
            var files = streams.Select((stream, i) => Write(Path.Combine(folder, $"{i:000}.fts"), stream)).ToArray();

            var lines = (await Python.RunAsync(oracle, files)).Split('\n').Where(line => line.Contains(".fts")).ToList();

            Assert.Equal(streams.Count, lines.Count);
            Assert.All(lines.Zip(streams), pair => Assert.Contains($" {pair.Second.Length} OK", pair.First));
            Assert.All(lines, line => Assert.Contains("'IncrSyncEnd': 1", line));
            var changes = streams.Sum(stream => new StreamAtoms(stream).Markers.Count(marker => marker == 0x40120003));
            Assert.Equal(changes, lines.Sum(line => CountOf(line, "IncrSyncChg")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<byte[]>> CheckAsync(EmsmdbFixture fixture, int number, (Step Step, int Which, int Part)[] history)
    {
        var mailbox = fixture.Store.CreateMailbox($"/o=Contoso/cn=sample{number}", "Sample", "en-US");
        var client = await fixture.ConnectAsync(EmsmdbFixture.Administrator);
        await client.LogOnAsync(mailbox.LegacyExchangeDN);
        var copies = Roles.Select(role => new SyncClient(mailbox, client, mailbox.FolderOf(role))).ToArray();
        foreach (var (step, which, part) in history) await DoAsync(mailbox, copies[which % copies.Length], step, which, part);
        foreach (var (role, copy) in Roles.Zip(copies))
        {
            copy.Flags = SyncClient.All;
            await copy.SynchronizeAsync();
            AssertEqual(mailbox, mailbox.FolderOf(role), copy);
            var again = await copy.SynchronizeAsync();
            Assert.Empty(again.Changed.Keys.Concat(again.Deleted).Concat(again.Read).Concat(again.Unread));
        }
        var disconnect = new EcDoDisconnectRequest(client.Context).Write();
        await fixture.Server.CallAsync(EmsmdbFixture.Administrator, EmsmdbInterface.EcDoDisconnect, disconnect, default);
        return copies.SelectMany(copy => copy.Streams).ToList();
    }

    private static async Task DoAsync(MailboxStore mailbox, SyncClient copy, Step step, int which, int part)
    {
        var folder = mailbox.FolderOf(Roles[which % Roles.Length]);
        var messages = mailbox.Messages(folder);
        var message = messages.Count == 0 ? null : messages[which % messages.Count];
        switch (step)
        {
            case Step.Save: mailbox.SaveMessage(folder, StoreFixture.Message($"saved {which}"), isRead: part > 4); break;
            case Step.SaveAssociated: mailbox.SaveMessage(folder, StoreFixture.Message($"view {which}"), isRead: true, isAssociated: true); break;
            case Step.Synchronize: await SynchronizeAsync(copy, SyncClient.All); break;
            case Step.SynchronizePartly: await copy.SynchronizePartlyAsync(part, 10); break;
            case Step.SynchronizeWithoutReadState: await SynchronizeAsync(copy, SyncClient.All & ~SynchronizationFlags.ReadState); break;
            case var _ when message is null: break;
            case Step.Update: mailbox.UpdateMessage(message.Id, StoreFixture.Message($"updated {which}")); break;
            case Step.ToggleRead: mailbox.SetReadState(message.Id, !message.IsRead); break;
            case Step.Move: mailbox.MoveMessage(message.Id, mailbox.FolderOf(Roles[(which + 1) % Roles.Length])); break;
            case Step.Delete: mailbox.DeleteMessage(message.Id); break;
        }
    }

    private static Task SynchronizeAsync(SyncClient copy, SynchronizationFlags flags)
    {
        copy.Flags = flags;
        return copy.SynchronizeAsync();
    }

    private static void AssertEqual(MailboxStore mailbox, long folder, SyncClient copy)
    {
        // An associated message has no read state that is synchronised.
        var stored = mailbox.Messages(folder).ToDictionary(
            message => (ulong)message.Id,
            message => new Replica(message.Subject, message.IsRead || message.IsAssociated, message.IsAssociated, (ulong)message.ChangeNumber));
        var held = copy.Messages.ToDictionary(pair => pair.Key, pair => pair.Value with { IsRead = pair.Value.IsRead || pair.Value.IsAssociated });
        Assert.Equal(stored.OrderBy(pair => pair.Key), held.OrderBy(pair => pair.Key));
    }

    private static string Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static int CountOf(string line, string marker)
    {
        var at = line.IndexOf($"'{marker}': ", StringComparison.Ordinal);
        return at < 0 ? 0 : int.Parse(line[(at + marker.Length + 4)..].Split(',', '}')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
