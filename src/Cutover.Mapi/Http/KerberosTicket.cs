using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Runtime.InteropServices;
using Platform = System.Security.Authentication.ExtendedProtection;

namespace Cutover.Mapi.Http;

/// <summary>
/// A Kerberos ticket for a web server, got by the operating system (SSPI, or MIT's GSSAPI with its krb5.conf) and bound to the TLS channel.
/// Source: RFC 4559, RFC 4121 4.1.1.
/// </summary>
internal static class KerberosTicket
{
    /// <summary>
    /// The token of the one leg that a sign-in takes. The server's own proof is not waited for: its certificate has been checked already.
    /// Asks the KDC, which takes a wrong password as an attempt.
    /// </summary>
    /// <exception cref="HttpSignInException">No ticket: the realm is unknown here, the password wrong, or the server has no such principal name.</exception>
    public static async Task<byte[]> GetAsync(NetworkCredential credential, string host, ChannelBinding? binding, CancellationToken ct)
    {
        var target = $"HTTP/{host}";
        var principal = PrincipalOf(credential);
        // The system's libraries talk to the KDC and block meanwhile.
        return await Task.Run(() => Get(principal, target, binding), ct).WaitAsync(ct);
    }

    private static byte[] Get(NetworkCredential principal, string target, ChannelBinding? binding)
    {
        using var channel = binding is null ? null : new BindingHandle(binding.ApplicationData.Span);
        using var client = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = "Kerberos",
            Credential = principal,
            TargetName = target,
            Binding = channel,
        });
        var token = client.GetOutgoingBlob(ReadOnlySpan<byte>.Empty, out var status);
        return token is not null && status is NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded
            ? token
            : throw new HttpSignInException(
                $"There is no Kerberos ticket for {HttpAuthentication.NameOf(principal)} to {target} ({status})",
                "Check name and password; give the user as NAME@REALM; see that this machine finds the realm's KDC (DNS, or krb5.conf with libgssapi-krb5-2"
                + $" on Linux) with the clocks less than 5 minutes apart, and that an account has the service principal name (setspn -Q {target}). Where"
                + " NTLM is allowed, Negotiate or Ntlm needs none of this.");
    }

    /// <summary>A realm is the domain's DNS name in capitals. Source: RFC 4120 6.1.</summary>
    private static NetworkCredential PrincipalOf(NetworkCredential credential) => credential.UserName.Split('@') is [var name, var realm]
        ? new NetworkCredential(name, credential.Password, realm.ToUpperInvariant())
        : new NetworkCredential(credential.UserName, credential.Password, credential.Domain.ToUpperInvariant());

    /// <summary>SEC_CHANNEL_BINDINGS, which .NET wants on every system: 8 numbers, of which the last two say where the application data are.</summary>
    private sealed class BindingHandle : Platform.ChannelBinding
    {
        private const int HeaderSize = 32;

        public BindingHandle(ReadOnlySpan<byte> applicationData)
            : base(ownsHandle: true)
        {
            var bytes = new byte[HeaderSize + applicationData.Length];
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), applicationData.Length);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), HeaderSize);
            applicationData.CopyTo(bytes.AsSpan(HeaderSize));
            Size = bytes.Length;
            SetHandle(Marshal.AllocHGlobal(bytes.Length));
            Marshal.Copy(bytes, 0, handle, bytes.Length);
        }

        public override int Size { get; }

        protected override bool ReleaseHandle()
        {
            Marshal.FreeHGlobal(handle);
            return true;
        }
    }
}
