using Cutover.Mapi.Rops;

namespace Cutover.Mapi.MapiHttp;

/// <summary>The bodies of GetMailboxUrl and GetAddressBookUrl: a distinguished name in, a URL out. Source: [MS-OXCMAPIHTTP] 2.2.5.18, 2.2.5.19.</summary>
public static class EndpointUrlBodies
{
    public const string GetMailboxUrl = nameof(GetMailboxUrl);
    public const string GetAddressBookUrl = nameof(GetAddressBookUrl);

    public static ReadOnlyMemory<byte> WriteRequest(string distinguishedName) =>
        new RopWriter().WriteUInt32(0).WriteString(distinguishedName).WriteSized(default).Written;

    /// <summary>The distinguished name.</summary>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static string ReadRequest(ReadOnlyMemory<byte> body)
    {
        var reader = new RopReader(body);
        reader.ReadUInt32(); // Flags, reserved
        var name = reader.ReadString();
        SizedBytes.Read(reader);
        return name;
    }

    public static ReadOnlyMemory<byte> WriteResponse(uint status, string url) =>
        new RopWriter().WriteUInt32(MapiHttpStatus.Success).WriteUInt32(status).WriteString(url).WriteSized(default).Written;

    /// <exception cref="MapiException">The request failed as a whole.</exception>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static (uint Status, string Url) ReadResponse(string requestType, ReadOnlyMemory<byte> body)
    {
        var reader = new RopReader(body);
        MapiHttpStatus.Check(reader, requestType);
        var answer = (reader.ReadUInt32(), reader.ReadString());
        SizedBytes.Read(reader);
        return answer;
    }
}
