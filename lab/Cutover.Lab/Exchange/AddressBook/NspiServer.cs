using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.AddressBook;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.AddressBook;

/// <summary>The lab's address book as Outlook reaches it over RPC: NSPI. Source: [MS-OXNSPI] 3.1.4.</summary>
public sealed class NspiServer(ContosoOrganisation organisation) : IRpcInterface
{
    /// <summary>Rows that one answer holds at most.</summary>
    public const int MostRows = AddressBookService.MostRows;

    private const uint BadStubData = 0x6F7;
    private const uint OperationOutOfRange = 0x1C01_0002;

    public RpcInterfaceId Id => NspiInterface.Id;

    /// <summary>The sessions, for the server's other face: MAPI over HTTP.</summary>
    public AddressBookService AddressBook { get; } = new(organisation);

    public Task<ReadOnlyMemory<byte>> CallAsync(LabAccount caller, ushort opnum, ReadOnlyMemory<byte> stub, CancellationToken ct)
    {
        try
        {
            var request = NspiBody.ReadStub((NspiOperation)opnum, stub.Span) ?? throw new RpcFaultException(OperationOutOfRange);
            return Task.FromResult(AddressBook.Answer(caller, request).ToStub());
        }
        catch (MapiProtocolException)
        {
            throw new RpcFaultException(BadStubData);
        }
    }
}
