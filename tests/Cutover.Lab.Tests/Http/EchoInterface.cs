using Cutover.Lab.Exchange;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Tests.Http;

/// <summary>An interface whose operations show the transport: 0 echoes, 1 says who calls, 2 answers with so many bytes, 3 faults, 4 waits.</summary>
public sealed class EchoInterface : IRpcInterface
{
    public static readonly RpcInterfaceId EchoId = new(new Guid("60A15EC5-4DE8-11D7-A637-005056A20182"), 1, 0);

    private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RpcInterfaceId Id => EchoId;

    /// <summary>Calls that reached the interface.</summary>
    public int Calls { get; private set; }

    /// <summary>Ends when operation 4 has been called.</summary>
    public Task Waiting => waiting.Task;

    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 7 + (i >> 8));
        return bytes;
    }

    public async Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        Calls++;
        switch (opnum)
        {
            case 0: return stub.ToArray();
            case 1:
                var name = new NdrWriter();
                name.WriteUnicodeString(caller.UserName);
                return name.WrittenMemory;
            case 2: return Pattern(new NdrReader(stub.Span).ReadInt32());
            case 4:
                waiting.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                return default;
            default: throw new RpcFaultException(RpcStatus.ContextMismatch);
        }
    }
}
