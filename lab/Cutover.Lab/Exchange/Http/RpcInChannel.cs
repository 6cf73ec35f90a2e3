using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>One IN channel, the server's side: a request that never seems to end. Source: [MS-RPCH] 3.2.3.</summary>
internal sealed class RpcInChannel(RpcPduReader pdus, Guid cookie, ExchangeServerOptions options)
{
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RpcPduReader Pdus { get; } = pdus;

    public Guid Cookie { get; } = cookie;

    public ReceiveWindow Window { get; } = new(options.ReceiveWindow, cookie);

    /// <summary>Ends with the channel's last PDU.</summary>
    public Task Finished => finished.Task;

    public void Finish() => finished.TrySetResult();
}
