using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>Refers clients to the address book, which is on the same server. Source: [MS-OXABREF] 3.1.4.</summary>
/// <param name="serverName">The host name of that server.</param>
public sealed class RfrServer(string serverName) : IRpcInterface
{
    private const uint BadStubData = 0x6F7;
    private const uint OperationOutOfRange = 0x1C01_0002;

    public RpcInterfaceId Id => RfrInterface.Id;

    public Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        try
        {
            return Task.FromResult(Answer((RfrOperation)opnum, stub.Span).ToStub());
        }
        catch (MapiProtocolException)
        {
            throw new RpcFaultException(BadStubData);
        }
    }

    private NspiCall Answer(RfrOperation operation, ReadOnlySpan<byte> stub)
    {
        switch (operation)
        {
            case RfrOperation.GetNewDSA:
                _ = RfrGetNewDSARequest.Read(stub);
                return new RfrGetNewDSAResponse(serverName, NspiStatus.Success);
            case RfrOperation.GetFQDNFromLegacyDN:
                _ = RfrGetFQDNRequest.Read(stub);
                return new RfrGetFQDNResponse(serverName, NspiStatus.Success);
            default:
                throw new RpcFaultException(OperationOutOfRange);
        }
    }
}
