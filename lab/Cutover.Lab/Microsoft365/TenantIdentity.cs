using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Cutover.Lab.Microsoft365;

/// <summary>The names that the tenant was founded with; they outlive the process.</summary>
/// <param name="ClientSecret">The secret of the one registered application.</param>
/// <param name="SigningKey">Signs access tokens, import sessions and page tokens.</param>
internal sealed record TenantIdentity(Guid TenantId, Guid ClientId, string ClientSecret, byte[] SigningKey)
{
    public static TenantIdentity Load(TenantDatabase database) => new(
        new Guid(database.Setting("tenantId", NewGuid)),
        new Guid(database.Setting("clientId", NewGuid)),
        Encoding.UTF8.GetString(database.Setting("clientSecret", NewSecret)),
        database.Setting("signingKey", () => RandomNumberGenerator.GetBytes(32)));

    private static byte[] NewGuid() => Guid.NewGuid().ToByteArray();

    private static byte[] NewSecret() => Encoding.UTF8.GetBytes("lab8Q~" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)));
}
