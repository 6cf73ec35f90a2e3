using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>The arguments or the results of one operation of the address book.</summary>
public abstract record NspiCall
{
    /// <summary>The NDR-encoded bytes, as RPC carries them.</summary>
    public ReadOnlyMemory<byte> ToStub()
    {
        var writer = new NdrWriter();
        Write(writer);
        return writer.WrittenMemory;
    }

    internal abstract void Write(NdrWriter writer);
}

/// <summary>Results that end with a status.</summary>
public abstract record StatusAnswer(uint Status) : NspiCall
{
    /// <summary>True for success, with or without columns that have no value.</summary>
    public bool IsSuccess => Status is NspiStatus.Success or NspiStatus.ErrorsReturned;
}

/// <summary>Results of an NSPI operation, over either transport.</summary>
public abstract record NspiAnswer(uint Status) : StatusAnswer(Status)
{
    /// <summary>The flat bytes, as HTTP carries them. Source: [MS-OXCMAPIHTTP] 2.2.5.</summary>
    public ReadOnlyMemory<byte> ToBody()
    {
        var writer = new RopWriter().WriteUInt32(0).WriteUInt32(Status); // StatusCode, ErrorCode
        WriteFlat(writer);
        return writer.WriteUInt32(0).Written; // AuxiliaryBufferSize
    }

    /// <summary>What stands between ErrorCode and the auxiliary buffer.</summary>
    internal abstract void WriteFlat(RopWriter writer);
}

/// <summary>Arguments of an NSPI operation, over either transport.</summary>
/// <param name="Context">The session, which the transport fills in.</param>
public abstract record NspiRequest(RpcContextHandle Context) : NspiCall
{
    public abstract NspiOperation Operation { get; }

    /// <summary>The flat bytes, as HTTP carries them: the session is in the cookies. Source: [MS-OXCMAPIHTTP] 2.2.5.</summary>
    public ReadOnlyMemory<byte> ToBody()
    {
        var writer = new RopWriter();
        WriteFlat(writer);
        return writer.WriteUInt32(0).Written; // AuxiliaryBufferSize
    }

    /// <summary>What stands before the auxiliary buffer.</summary>
    internal abstract void WriteFlat(RopWriter writer);
}

/// <summary>Arguments that know how their results are read.</summary>
public abstract record NspiRequest<TAnswer>(RpcContextHandle Context) : NspiRequest(Context) where TAnswer : NspiAnswer
{
    internal abstract TAnswer ReadAnswer(ReadOnlySpan<byte> stub);

    /// <param name="reader">Stands behind ErrorCode.</param>
    internal abstract TAnswer ReadFlatAnswer(RopReader reader, uint status);
}
