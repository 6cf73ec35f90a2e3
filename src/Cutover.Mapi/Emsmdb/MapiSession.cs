using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;
using Cutover.Mapi.Tracing;

namespace Cutover.Mapi.Emsmdb;

/// <summary>
/// A session with a store: connect, then ROPs, then disconnect, over either transport. One caller at a time. It waits when the server says that
/// it is busy, sends again what did not fit, and splits what is too big for one call. Source: [MS-OXCRPC] 3.2.4.
/// </summary>
public sealed class MapiSession : IAsyncDisposable
{
    private static readonly TimeSpan DisconnectTimeout = TimeSpan.FromSeconds(5);
    private readonly IMapiTransport transport;
    private readonly MapiSessionOptions options;
    private readonly List<uint> unused = [];
    private readonly TimeSpan retryDelay;
    private readonly string traceName;

    private MapiSession(IMapiTransport transport, MapiSessionOptions options, ConnectResult connected)
    {
        this.transport = transport;
        this.options = options;
        ServerVersion = connected.ServerVersion;
        DisplayName = connected.DisplayName;
        DNPrefix = connected.DNPrefix;
        Capabilities = AuxiliaryBuffer.CapabilitiesIn(connected.AuxiliaryOut);
        var isUltraLarge = Capabilities.HasFlag(ServerCapabilities.UltraLargePackedDownloadBuffers);
        MaximumOutput = Math.Min(options.MaximumOutput, (uint)(isUltraLarge ? EmsmdbInterface.UltraLargeOutput : EmsmdbInterface.MaximumOutput));
        traceName = options.Trace?.Open("session", $"{options.UserDN}, server {ServerVersion}") ?? "";
        retryDelay = TimeSpan.FromMilliseconds(Math.Clamp(connected.RetryDelay, 100, 60_000));
    }

    /// <summary>What the server says it is; rolling updates make it the only thing to go by.</summary>
    public MapiVersion ServerVersion { get; }

    /// <summary>What the server says it can do beyond the protocol's minimum.</summary>
    public ServerCapabilities Capabilities { get; }

    /// <summary>The most bytes that one call is asked to answer.</summary>
    public uint MaximumOutput { get; }

    /// <summary>The display name of the account that signed in.</summary>
    public string DisplayName { get; }

    /// <summary>What precedes the short names of recipients.</summary>
    public string DNPrefix { get; }

    /// <summary>Round trips made, connecting included.</summary>
    public long Calls => transport.Calls;

    /// <summary>True when the connection has carried nearly all that it may: finish and open another session.</summary>
    public bool NearEndOfLife => transport.NearEndOfLife;

    public TimeProvider Clock => options.Clock;

    /// <summary>Opens a session over RPC, on a connection bound to <see cref="EmsmdbInterface.Id"/>, which the session then owns.</summary>
    /// <exception cref="MapiException">The server refuses the user.</exception>
    /// <exception cref="MapiProtocolException">The connection is gone or out of step.</exception>
    public static Task<MapiSession> ConnectAsync(IRpcClient rpc, MapiSessionOptions options, CancellationToken ct) =>
        ConnectAsync(new RpcMapiTransport(rpc), options, ct);

    /// <summary>Opens a session over a transport, which the session then owns.</summary>
    /// <exception cref="MapiException">The server refuses the user.</exception>
    /// <exception cref="MapiProtocolException">The connection is gone or out of step.</exception>
    public static async Task<MapiSession> ConnectAsync(IMapiTransport transport, MapiSessionOptions options, CancellationToken ct)
    {
        try
        {
            var call = new ConnectCall(options.UserDN, options.ClientVersion)
            {
                AuxiliaryIn = AuxiliaryBuffer.Write(options.ClientInformation, options.BufferFlags),
            };
            var connected = await transport.ConnectAsync(call, ct);
            if (connected.Result != MapiErrorCode.Success) throw new MapiException("Connect", connected.Result);
            return new MapiSession(transport, options, connected);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets go of a server object with the next call; costs no call of its own.</summary>
    public void ReleaseLater(uint handle)
    {
        if (handle != RopBuffer.NoHandle) unused.Add(handle);
    }

    /// <summary>
    /// Sends the ROPs and returns all their responses; a failed ROP does not throw. The last ROP may be answered several times (chaining).
    /// </summary>
    /// <exception cref="MapiException">The call failed as a whole, or the server stayed busy.</exception>
    /// <exception cref="MapiProtocolException">The connection is gone or out of step.</exception>
    public async Task<RopAnswer> ExecuteAsync(RopBatch batch, CancellationToken ct)
    {
        var work = new Work(batch, TakeUnused());
        for (var busy = 0; !work.IsDone;)
        {
            var answered = work.Responses.Count;
            var wait = await CallAsync(work, ct);
            if (wait is { } duration) await WaitAsync(duration, ++busy, ct);
            else if (work.Responses.Count == answered && !work.IsDone) throw new MapiException("Execute", MapiErrorCode.BufferTooSmall);
        }
        return new RopAnswer(work.Responses, work.Handles.Take(batch.Handles.Count).ToArray());
    }

    /// <summary>Ends the session as far as the server still listens, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(DisconnectTimeout, options.Clock);
            await transport.DisconnectAsync(timeout.Token);
        }
        catch (Exception e) when (e is MapiException or MapiProtocolException or OperationCanceledException or IOException)
        {
            // The server drops a session whose connection ends.
        }
        finally
        {
            await transport.DisposeAsync();
        }
    }

    /// <summary>Waits as long as the server asked, by the session's clock.</summary>
    internal async Task WaitAsync(TimeSpan duration, int attempt, CancellationToken ct)
    {
        if (attempt > options.BusyRetries)
            throw new MapiException("Execute", MapiErrorCode.ServerBusy, $"still busy after {attempt - 1} waits");
        await Task.Delay(duration, options.Clock, ct);
    }

    /// <summary>Makes one call with as many ROPs as fit. Returns how long to wait when the server is busy.</summary>
    private async Task<TimeSpan?> CallAsync(Work work, CancellationToken ct)
    {
        var flags = options.BufferFlags | (work.MayChain() ? RpcExt2Flags.Chain : 0);
        var input = ExtendedBuffer.Pack(work.NextBuffer().Serialize(), options.BufferFlags);
        TraceSent(work.Asked);
        var result = await transport.ExecuteAsync(new ExecuteCall(flags, input, MaximumOutput), ct);
        if (result.Result == MapiErrorCode.ServerBusy) return retryDelay;
        if (result.Result != MapiErrorCode.Success) throw new MapiException("Execute", result.Result);
        var answered = work.Responses.Count;
        var wait = work.Accept(ExtendedBuffer.Read(result.Output));
        TraceReceived(work.Responses.Skip(answered));
        if (wait is { } duration) options.Trace?.Note(traceName, $"the server asks to wait {duration.TotalMilliseconds:N0} ms");
        return wait;
    }

    private void TraceSent(IEnumerable<RopRequest> rops)
    {
        if (options.Trace is not { } trace) return;
        foreach (var rop in rops) trace.Sent(traceName, RopTrace.Describe(rop));
    }

    private void TraceReceived(IEnumerable<RopResponse> rops)
    {
        if (options.Trace is not { } trace) return;
        foreach (var rop in rops) trace.Received(traceName, RopTrace.Describe(rop));
    }

    private uint[] TakeUnused()
    {
        // A handle table has 255 places at most; the rest can wait for the next call.
        var taken = unused.Take(100).ToArray();
        unused.RemoveRange(0, taken.Length);
        return taken;
    }

    /// <summary>The ROPs still to be done and the answers so far.</summary>
    private sealed class Work
    {
        /// <summary>Below the 32,767 bytes of a payload, with room for the handle table.</summary>
        private const int MaximumRops = ExtendedBuffer.MaximumPayload - 2 - 4 * 256;

        private readonly List<RopRequest> requests;
        private int next;
        private int end;

        public Work(RopBatch batch, uint[] released)
        {
            Handles = [.. batch.Handles, .. released];
            requests = [.. released.Select((_, i) => new ReleaseRequest((byte)(batch.Handles.Count + i))), .. batch.Requests];
        }

        public List<RopResponse> Responses { get; } = [];

        public IReadOnlyList<uint> Handles { get; private set; }

        /// <summary>The ROPs of the call that is under way.</summary>
        public IEnumerable<RopRequest> Asked => requests[next..end];

        public bool IsDone => next == requests.Count;

        /// <summary>The ROPs of the next call: as many as one payload holds, at least one.</summary>
        public RopBuffer NextBuffer()
        {
            var writer = new RopWriter();
            for (end = next; end < requests.Count; end++)
            {
                var rop = new RopWriter();
                requests[end].Write(rop);
                if (writer.Length + rop.Length > MaximumRops && end > next) break;
                writer.WriteBytes(rop.Written.Span);
            }
            return new RopBuffer(writer.Written, Handles);
        }

        public bool MayChain() => requests[^1] is FastTransferSourceGetBufferRequest or QueryRowsRequest or ReadStreamRequest;

        /// <summary>Takes in what came. Returns how long to wait when the server backs off.</summary>
        public TimeSpan? Accept(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
        {
            if (payloads.Count == 0) throw new MapiProtocolException("The server's answer has no ROP buffer");
            var first = RopBuffer.Parse(payloads[0]);
            if (first.Handles.Count < Handles.Count)
                throw new MapiProtocolException($"{first.Handles.Count} handles came for {Handles.Count}");
            Handles = first.Handles;
            var wait = AcceptFirst(new RopReader(first.Rops));
            foreach (var payload in payloads.Skip(1)) AcceptChained(new RopReader(RopBuffer.Parse(payload).Rops));
            return wait;
        }

        private TimeSpan? AcceptFirst(RopReader reader)
        {
            SkipUnanswered();
            while (!reader.AtEnd && next < end)
            {
                switch (requests[next].ReadResponse(reader))
                {
                    case PendingResponse: break;
                    case BufferTooSmallResponse: return null;
                    case BackoffResponse backoff: return Duration(backoff);
                    case var response:
                        Responses.Add(response);
                        next++;
                        SkipUnanswered();
                        break;
                }
            }
            if (next < end) throw new MapiProtocolException($"The server did not answer Rop{requests[next].Id}");
            return null;
        }

        private void AcceptChained(RopReader reader)
        {
            while (!reader.AtEnd)
            {
                var response = requests[^1].ReadResponse(reader);
                if (response is not (PendingResponse or BackoffResponse or BufferTooSmallResponse)) Responses.Add(response);
            }
        }

        private void SkipUnanswered()
        {
            while (next < end && requests[next].HasNoResponse) next++;
        }

        private static TimeSpan Duration(BackoffResponse backoff) =>
            TimeSpan.FromMilliseconds(backoff.Rops.Select(rop => rop.Duration).Append(backoff.Duration).Max());
    }
}
