using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>The arguments or the results of one operation of the address book.</summary>
public abstract record NspiCall
{
    /// <summary>The NDR-encoded bytes.</summary>
    public ReadOnlyMemory<byte> ToStub()
    {
        var writer = new NdrWriter();
        Write(writer);
        return writer.WrittenMemory;
    }

    internal abstract void Write(NdrWriter writer);
}

/// <summary>Results that end with a status.</summary>
public abstract record NspiAnswer(uint Status) : NspiCall
{
    /// <summary>True for success, with or without columns that have no value.</summary>
    public bool IsSuccess => Status is NspiStatus.Success or NspiStatus.ErrorsReturned;
}
