using System.Net;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.Microsoft365.ImportExport;
using Cutover.Endpoints.Microsoft365.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Endpoints.Tests.Microsoft365;

[Collection(nameof(MeasuredAlone))]
public sealed class ImportClientTests
{
    private const string ImportUrl = "https://import.test/api/gv1.0/Mailboxes('MBX:a@b')/importItem?authtoken=eyJsecret";
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public async Task A_large_item_is_sent_without_being_held()
    {
        const int size = 40 * 1024 * 1024;
        long received = 0;
        var service = Service(async request =>
        {
            var counting = new CountingStream();
            await request.Content!.CopyToAsync(counting);
            received = counting.Count;
            return StubService.Json("""{"itemId":"i","changeKey":"c"}""");
        });
        var client = Client(service);
        await client.ImportAsync(TestItem.Note("warm up"), new TargetFolderId("f"), null, Ct);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await client.ImportAsync(new ZeroItem(size), new TargetFolderId("f"), null, Ct);

        Assert.InRange(received, size / 3 * 4, size / 3 * 4 + 1000);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task The_body_is_what_the_documentation_says_and_carries_no_token()
    {
        var (body, authorization) = ("", true);
        var service = Service(async request =>
        {
            body = await request.Content!.ReadAsStringAsync();
            authorization = request.Headers.Authorization is not null;
            return StubService.Json("""{"itemId":"i","changeKey":"c"}""");
        });
        var client = Client(service);

        await client.ImportAsync(new ZeroItem(4), new TargetFolderId("fold\"er"), null, Ct);
        Assert.Equal("""{"FolderId":"fold\u0022er","Mode":"create","Data":"AAAAAA=="}""", body);
        Assert.False(authorization);

        await client.ImportAsync(new ZeroItem(3), new TargetFolderId("f"), new TargetItem("i", "c"), Ct);
        Assert.Equal("""{"FolderId":"f","Mode":"update","ItemId":"i","ChangeKey":"c","Data":"AAAA"}""", body);
    }

    [Fact]
    public async Task One_session_serves_until_shortly_before_it_ends()
    {
        var service = Service(_ => Task.FromResult(StubService.Json("""{"itemId":"i","changeKey":"c"}""")));
        var client = Client(service);

        await ImportAsync(client);
        clock.Advance(TimeSpan.FromMinutes(54));
        await ImportAsync(client);
        Assert.Single(service.Requested, request => request.EndsWith("createImportSession", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromMinutes(2));
        await ImportAsync(client);
        Assert.Equal(2, service.Requested.Count(request => request.EndsWith("createImportSession", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_expired_session_is_renewed_and_the_item_sent_again()
    {
        var answers = 0;
        var service = Service(_ => Task.FromResult(++answers == 1
            ? StubService.Json("""{"error":{"code":"InvalidAuthenticationToken","message":"expired"}}""", HttpStatusCode.Unauthorized)
            : StubService.Json("""{"itemId":"i","changeKey":"c"}""")));
        var client = Client(service);

        Assert.Equal(new TargetItem("i", "c"), await ImportAsync(client));
        Assert.Equal(2, service.Requested.Count(request => request.EndsWith("createImportSession", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("https://evil.test/api/importItem?authtoken=eyJsecret")]
    [InlineData("http://import.test/api/importItem?authtoken=eyJsecret")]
    [InlineData("https://import.test.evil.test/?authtoken=eyJsecret")]
    [InlineData("https://import.test@evil.test/?authtoken=eyJsecret")]
    public async Task An_address_outside_the_allowed_hosts_is_not_followed(string importUrl)
    {
        var service = Service(_ => throw new InvalidOperationException("An item was sent."), importUrl);
        var client = Client(service);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => ImportAsync(client));

        Assert.Equal(FaultScope.Operator, fault.Scope);
        Assert.DoesNotContain("eyJsecret", fault.ToString());
    }

    [Fact]
    public async Task An_item_that_can_not_be_read_is_the_items_own_fault()
    {
        var service = Service(async request =>
        {
            await request.Content!.CopyToAsync(Stream.Null);
            return StubService.Json("{}");
        });
        var client = Client(service);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => client.ImportAsync(new ZeroItem(100, isBroken: true), new TargetFolderId("f"), null, Ct));

        Assert.Equal((FaultScope.Item, true, false), (fault.Scope, fault.IsTransient, fault.OutcomeUnknown));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_a_body_that_was_wholly_sent_leaves_the_outcome_unknown(bool isSent)
    {
        var service = Service(async request =>
        {
            if (isSent) await request.Content!.CopyToAsync(Stream.Null);
            throw new HttpRequestException("The connection was reset.");
        });
        var client = Client(service);

        var fault = await Assert.ThrowsAsync<MigrationFault>(() => ImportAsync(client));

        Assert.Equal((FaultScope.Mailbox, true, isSent), (fault.Scope, fault.IsTransient, fault.OutcomeUnknown));
    }

    private static Task<TargetItem> ImportAsync(ImportClient client) => client.ImportAsync(TestItem.Note("k"), new TargetFolderId("f"), null, Ct);

    private ImportClient Client(StubService service) =>
        new(service.CreateGraph(clock), service.Http, "MBX:a@b", new SignedAddresses(["import.test"]), StubService.Fast, new MailboxGovernor(new ServiceLimits(), clock), NullLogger.Instance);

    private StubService Service(Func<HttpRequestMessage, Task<HttpResponseMessage>> import, string importUrl = ImportUrl) => new(request =>
        request.RequestUri!.Host == "graph.test"
            ? Task.FromResult(StubService.Json($$"""{"importUrl":"{{importUrl}}","expirationDateTime":"{{clock.GetUtcNow().AddHours(1):O}}"}"""))
            : import(request));

    private sealed class ZeroItem(long size, bool isBroken = false) : MailboxItem
    {
        public override ItemInfo Info => new(new ItemKey("zero"), "1", false, "IPM.Note", null, null, size);

        public override FolderKey Folder => new("f");

        public override ContentDigest Digest => new("");

        public override long StreamLength => size;

        public override ValueTask<Stream> OpenAsync(CancellationToken ct) =>
            isBroken ? throw new IOException("The disk is gone.") : ValueTask.FromResult<Stream>(new ZeroStream(size));

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>So many zeros, in pieces of odd sizes.</summary>
    private sealed class ZeroStream(long size) : Stream
    {
        private long taken;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position { get => taken; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var next = (int)Math.Min(Math.Min(count, 7_919), size - taken);
            Array.Clear(buffer, offset, next);
            taken += next;
            return next;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default)
        {
            var next = (int)Math.Min(Math.Min(buffer.Length, 7_919), size - taken);
            buffer.Span[..next].Clear();
            taken += next;
            return ValueTask.FromResult(next);
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class CountingStream : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct = default)
        {
            Count += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
