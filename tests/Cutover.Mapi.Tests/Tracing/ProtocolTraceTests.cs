using Cutover.Mapi.Http;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;
using Cutover.Mapi.Tracing;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Mapi.Tests.Tracing;

public sealed class ProtocolTraceTests
{
    private readonly StringWriter output = new();
    private readonly ProtocolTrace trace;

    public ProtocolTraceTests() => trace = new ProtocolTrace(output, new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 22, 30, 1, 250, TimeSpan.Zero)));

    [Fact]
    public void A_line_has_time_connection_and_direction()
    {
        var name = trace.Open("rpc", "EX01:6001");
        trace.Sent(name, "one");
        trace.Received(name, "two");
        Assert.Equal(
            ["22:30:01.250 rpc1    == EX01:6001", "22:30:01.250 rpc1    -> one", "22:30:01.250 rpc1    <- two"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void What_a_server_said_stays_in_its_line()
    {
        trace.Note("rpc1", "first\r\n22:30:01.250 rpc1    <- forged");
        Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_PDU_is_told_by_kind_call_operation_and_size()
    {
        var request = new RequestPdu(7, 16, 0, 11, new byte[16]).ToArray();
        Assert.Equal($"RPC Request 7 EcDoRpcExt2 {request.Length} B", PduTrace.Describe(request, 6001));
        Assert.Equal("RPC Fault 8 0x1C00001A 32 B", PduTrace.Describe(new FaultPdu(8, 0, RpcStatus.ContextMismatch).ToArray(), 6001));
        Assert.Contains("RTS Ping", PduTrace.Describe(RtsPdu.Ping().ToArray(), 6001));
        Assert.Contains("no PDU", PduTrace.Describe([1, 2, 3], 6001));
    }

    [Fact]
    public void A_ROP_is_told_without_what_it_carries()
    {
        Assert.Equal("RopQueryRows [1] 50 rows", RopTrace.Describe(new QueryRowsRequest(1, QueryRowsFlags.Advance, true, 50)));
        var row = new PropertyRow(["a secret subject"]);
        var rows = RopTrace.Describe(new QueryRowsResponse(1, Bookmark.End, [PropertyTags.Subject], [row]));
        Assert.Equal("RopQueryRows [1] ok 1 rows, cursor End", rows);
        Assert.Equal("RopOpenFolder [2] 0x8004010F", RopTrace.Describe(new RopFailure(RopId.OpenFolder, 2, MapiErrorCode.NotFound)));
    }
}
