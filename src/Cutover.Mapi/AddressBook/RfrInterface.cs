using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>The referral interface: which server has the address book. Source: [MS-OXABREF] 2.1, 3.1.4.</summary>
public static class RfrInterface
{
    public static readonly RpcInterfaceId Id = new(new Guid("1544f5e0-613c-11d1-93df-00c04fd7bd09"), 1, 0);

    /// <summary>The port that RPC over HTTP names it by.</summary>
    public const int Port = 6002;
}

/// <summary>Operation numbers of the referral interface.</summary>
public enum RfrOperation : ushort
{
    GetNewDSA = 0,
    GetFQDNFromLegacyDN = 1,
}

/// <summary>RfrGetNewDSA: the NSPI server for a user. Source: [MS-OXABREF] 3.1.4.1.</summary>
public sealed record RfrGetNewDSARequest(uint Flags, string UserDN) : NspiCall
{
    public static RfrGetNewDSARequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadUInt32(), reader.ReadAsciiString());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteUInt32(Flags);
        writer.WriteAsciiString(UserDN);
        // ppszUnused and ppszServer: unique pointers to unique pointers to strings, of which we give none.
        writer.WritePointer(false);
        writer.WritePointer(true);
        writer.WritePointer(false);
    }
}

public sealed record RfrGetNewDSAResponse(string? Server, uint Status) : StatusAnswer(Status)
{
    public static RfrGetNewDSAResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        _ = ReadStringPointerPointer(ref reader);
        return new(ReadStringPointerPointer(ref reader), reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WritePointer(false);
        writer.WritePointer(true);
        writer.WritePointer(Server is not null);
        if (Server is not null) writer.WriteAsciiString(Server);
        writer.WriteUInt32(Status);
    }

    private static string? ReadStringPointerPointer(ref NdrReader reader) =>
        reader.ReadPointer() && reader.ReadPointer() ? reader.ReadAsciiString() : null;
}

/// <summary>RfrGetFQDNFromLegacyDN: the host name of a server by its legacyExchangeDN. Source: [MS-OXABREF] 3.1.4.2.</summary>
public sealed record RfrGetFQDNRequest(uint Flags, string ServerDN) : NspiCall
{
    public static RfrGetFQDNRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var flags = reader.ReadUInt32();
        _ = reader.ReadUInt32();
        return new(flags, reader.ReadAsciiString());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WriteUInt32(Flags);
        // cbMailboxServerDN counts the NUL.
        writer.WriteInt32(ServerDN.Length + 1);
        writer.WriteAsciiString(ServerDN);
    }
}

public sealed record RfrGetFQDNResponse(string? ServerName, uint Status) : StatusAnswer(Status)
{
    public static RfrGetFQDNResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        return new(reader.ReadPointer() ? reader.ReadAsciiString() : null, reader.ReadUInt32());
    }

    internal override void Write(NdrWriter writer)
    {
        writer.WritePointer(ServerName is not null);
        if (ServerName is not null) writer.WriteAsciiString(ServerName);
        writer.WriteUInt32(Status);
    }
}
