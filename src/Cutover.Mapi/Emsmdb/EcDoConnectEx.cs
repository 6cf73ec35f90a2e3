using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.Emsmdb;

/// <summary>EcDoConnectEx's arguments: opens a session for a user. Source: [MS-OXCRPC] 3.1.4.1.</summary>
/// <param name="UserDN">The legacyExchangeDN of the account that signs in, not of the mailbox to open.</param>
/// <param name="ClientVersion">The server adapts its behaviour to it.</param>
public sealed record EcDoConnectExRequest(string UserDN, MapiVersion ClientVersion)
{
    /// <summary>0 for a user, 1 for an administrator.</summary>
    public uint Flags { get; init; }

    /// <summary>Any number that spreads users over servers.</summary>
    public uint ConMod { get; init; }

    /// <summary>The code page for strings that are not Unicode.</summary>
    public uint CodePage { get; init; } = 1252;

    public uint StringLocale { get; init; } = 0x409;

    public uint SortLocale { get; init; } = 0x409;

    /// <summary>The session to share server data with; 0xFFFFFFFF for none.</summary>
    public uint SessionLink { get; init; } = 0xFFFFFFFF;

    public uint TimeStamp { get; init; }

    /// <summary>Auxiliary blocks in an extended buffer, or nothing.</summary>
    public ReadOnlyMemory<byte> AuxiliaryIn { get; init; }

    public uint MaximumAuxiliaryOut { get; init; } = EmsmdbInterface.MaximumAuxiliary;

    /// <summary>The arguments of a call as RPC carries them.</summary>
    public static EcDoConnectExRequest Of(ConnectCall call) => new(call.UserDN, call.ClientVersion)
    {
        Flags = call.Flags,
        CodePage = call.CodePage,
        StringLocale = call.StringLocale,
        SortLocale = call.SortLocale,
        AuxiliaryIn = call.AuxiliaryIn,
    };

    /// <summary>What of them does not belong to RPC.</summary>
    public ConnectCall ToCall() => new(UserDN, ClientVersion)
    {
        Flags = Flags,
        CodePage = CodePage,
        StringLocale = StringLocale,
        SortLocale = SortLocale,
        AuxiliaryIn = AuxiliaryIn,
    };

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new NdrWriter();
        writer.WriteAsciiString(UserDN);
        writer.WriteUInt32(Flags);
        writer.WriteUInt32(ConMod);
        writer.WriteUInt32(0); // cbLimit
        writer.WriteUInt32(CodePage);
        writer.WriteUInt32(StringLocale);
        writer.WriteUInt32(SortLocale);
        writer.WriteUInt32(SessionLink);
        writer.WriteUInt16(1); // usFCanConvertCodePages
        ClientVersion.Write(writer);
        writer.WriteUInt32(TimeStamp);
        writer.WriteConformantBytes(AuxiliaryIn.Span);
        writer.WriteUInt32((uint)AuxiliaryIn.Length);
        writer.WriteUInt32(MaximumAuxiliaryOut);
        return writer.WrittenMemory;
    }

    public static EcDoConnectExRequest Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var userDN = reader.ReadAsciiString();
        var flags = reader.ReadUInt32();
        var conMod = reader.ReadUInt32();
        reader.ReadUInt32(); // cbLimit
        var codePage = reader.ReadUInt32();
        var stringLocale = reader.ReadUInt32();
        var sortLocale = reader.ReadUInt32();
        var sessionLink = reader.ReadUInt32();
        reader.ReadUInt16(); // usFCanConvertCodePages
        return new EcDoConnectExRequest(userDN, MapiVersion.Read(ref reader))
        {
            Flags = flags,
            ConMod = conMod,
            CodePage = codePage,
            StringLocale = stringLocale,
            SortLocale = sortLocale,
            SessionLink = sessionLink,
            TimeStamp = reader.ReadUInt32(),
            AuxiliaryIn = CountedBytes.Read(ref reader),
            MaximumAuxiliaryOut = reader.ReadUInt32(),
        };
    }
}

/// <summary>EcDoConnectEx's results. Source: [MS-OXCRPC] 3.1.4.1.</summary>
/// <param name="Context">The session; zero when <paramref name="Result"/> is an error.</param>
public sealed record EcDoConnectExResponse(RpcContextHandle Context, uint Result)
{
    public uint PollsMaximum { get; init; } = 60_000;

    /// <summary>How often to try again when busy, and how many milliseconds apart.</summary>
    public uint RetryCount { get; init; } = 6;

    public uint RetryDelay { get; init; } = 10_000;

    public ushort SessionIndex { get; init; }

    /// <summary>What precedes the names in one-off legacyExchangeDNs.</summary>
    public string? DNPrefix { get; init; } = "";

    public string? DisplayName { get; init; } = "";

    public MapiVersion ServerVersion { get; init; }

    public MapiVersion BestVersion { get; init; }

    public uint TimeStamp { get; init; }

    public ReadOnlyMemory<byte> AuxiliaryOut { get; init; }

    /// <summary>What of the results does not belong to RPC.</summary>
    public ConnectResult ToResult() => new(Result)
    {
        PollsMaximum = PollsMaximum,
        RetryCount = RetryCount,
        RetryDelay = RetryDelay,
        DNPrefix = DNPrefix ?? "",
        DisplayName = DisplayName ?? "",
        ServerVersion = ServerVersion,
        AuxiliaryOut = AuxiliaryOut,
    };

    public ReadOnlyMemory<byte> Write()
    {
        var writer = new NdrWriter();
        writer.WriteContextHandle(Context);
        writer.WriteUInt32(PollsMaximum);
        writer.WriteUInt32(RetryCount);
        writer.WriteUInt32(RetryDelay);
        writer.WriteUInt16(SessionIndex);
        WriteName(writer, DNPrefix);
        WriteName(writer, DisplayName);
        ServerVersion.Write(writer);
        BestVersion.Write(writer);
        writer.WriteUInt32(TimeStamp);
        writer.WriteConformantVaryingBytes(AuxiliaryOut.Span);
        writer.WriteUInt32((uint)AuxiliaryOut.Length);
        writer.WriteUInt32(Result);
        return writer.WrittenMemory;
    }

    public static EcDoConnectExResponse Read(ReadOnlySpan<byte> stub)
    {
        var reader = new NdrReader(stub);
        var response = new EcDoConnectExResponse(reader.ReadContextHandle(), 0)
        {
            PollsMaximum = reader.ReadUInt32(),
            RetryCount = reader.ReadUInt32(),
            RetryDelay = reader.ReadUInt32(),
            SessionIndex = reader.ReadUInt16(),
            DNPrefix = ReadName(ref reader),
            DisplayName = ReadName(ref reader),
            ServerVersion = MapiVersion.Read(ref reader),
            BestVersion = MapiVersion.Read(ref reader),
            TimeStamp = reader.ReadUInt32(),
            AuxiliaryOut = CountedBytes.ReadVarying(ref reader),
        };
        return response with { Result = reader.ReadUInt32() };
    }

    private static void WriteName(NdrWriter writer, string? name)
    {
        writer.WritePointer(name is not null);
        if (name is not null) writer.WriteAsciiString(name);
    }

    private static string? ReadName(ref NdrReader reader) => reader.ReadPointer() ? reader.ReadAsciiString() : null;
}
