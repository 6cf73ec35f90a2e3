using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cutover.Mapi.Http;

/// <summary>
/// Ties a sign-in to the server's certificate (tls-server-end-point), so that nobody in the middle can pass it on: Extended Protection.
/// Source: RFC 5929 4, [MS-NLMP] 2.2.2.1 MsvAvChannelBindings.
/// </summary>
/// <param name="ApplicationData">The binding's kind, a colon and the certificate's hash. Source: RFC 5056 2.1.</param>
public sealed record ChannelBinding(ReadOnlyMemory<byte> ApplicationData)
{
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string Sha384 = "2.16.840.1.101.3.4.2.2";
    private const string Sha512 = "2.16.840.1.101.3.4.2.3";

    /// <summary>The binding of a connection; null when it is not TLS.</summary>
    public static ChannelBinding? Of(Stream connection) =>
        connection is SslStream { RemoteCertificate: X509Certificate2 certificate } ? Of(certificate) : null;

    /// <summary>The binding to the certificate that a server shows.</summary>
    public static ChannelBinding Of(X509Certificate2 certificate) => new((byte[])[.. "tls-server-end-point:"u8, .. HashOf(certificate)]);

    /// <summary>MD5 of the gss_channel_bindings_struct: 16 bytes, as NTLM carries it.</summary>
    public byte[] Hash()
    {
        // Address types and lengths of initiator and acceptor are 0. Source: RFC 2744 3.11.
        var structure = new byte[20 + ApplicationData.Length];
        BinaryPrimitives.WriteInt32LittleEndian(structure.AsSpan(16), ApplicationData.Length);
        ApplicationData.CopyTo(structure.AsMemory(20));
        return MD5.HashData(structure);
    }

    // The signature's own hash; SHA-256 in place of MD5 and SHA-1.
    private static byte[] HashOf(X509Certificate2 certificate) => SignatureHash(certificate) switch
    {
        Sha384 => SHA384.HashData(certificate.RawDataMemory.Span),
        Sha512 => SHA512.HashData(certificate.RawDataMemory.Span),
        _ => SHA256.HashData(certificate.RawDataMemory.Span),
    };

    private static string? SignatureHash(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => Sha384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => Sha512,
        RsaPss => PssHash(certificate.RawDataMemory),
        _ => null,
    };

    /// <summary>The hash in RSASSA-PSS-params; absent means SHA-1. Source: RFC 4055 3.1.</summary>
    private static string? PssHash(ReadOnlyMemory<byte> certificate)
    {
        var outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        outer.ReadEncodedValue();
        var algorithm = outer.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        var hash = new Asn1Tag(TagClass.ContextSpecific, 0);
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(hash)
            ? parameters.ReadSequence(hash).ReadSequence().ReadObjectIdentifier()
            : null;
    }
}
