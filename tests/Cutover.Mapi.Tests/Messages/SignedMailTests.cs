using Cutover.Mapi.Messages;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Cms;

namespace Cutover.Mapi.Tests.Messages;

/// <summary>Signed mail is still what was signed after it has been a MAPI message.</summary>
public sealed class SignedMailTests
{
    [Fact]
    public void Clear_signed_messages_keep_every_byte_that_is_signed() => Assert.All(Signed(), file =>
    {
        var (before, after) = (MimeToMapi.Parse(File.ReadAllBytes(file)), Again(file));
        Assert.Equal(Content(before), Content(after));
    });

    [Fact]
    public void Signatures_that_hold_still_hold()
    {
        var holding = Signed().Where(file => Holds(MimeToMapi.Parse(File.ReadAllBytes(file)))).ToList();
        Assert.NotEmpty(holding);
        Assert.All(holding, file => Assert.True(Holds(Again(file))));
    }

    private static MimeMessage Again(string file)
    {
        using var bytes = new MemoryStream();
        MapiToMime.Write(MimeToMapi.Read(File.ReadAllBytes(file)), bytes);
        return MimeToMapi.Parse(bytes.ToArray());
    }

    // By BouncyCastle alone: the certificate in the signature, over the first part as it stands.
    internal static bool Holds(MimeMessage message)
    {
        if (message.Body is not MultipartSigned { Count: 2 } signed || signed[1] is not MimePart signature || signature.Content is null) return false;
        try
        {
            using var cms = new MemoryStream();
            signature.Content.DecodeTo(cms);
            var data = new CmsSignedData(new CmsProcessableByteArray(OnTheWire(signed[0])), cms.ToArray());
            var certificates = data.GetCertificates();
            return data.GetSignerInfos().GetSigners().All(signer => certificates.EnumerateMatches(signer.SignerID).Any(certificate => signer.Verify(certificate)));
        }
        catch (Exception e) when (e is CmsException or IOException)
        {
            return false;
        }
    }

    private static byte[] Content(MimeMessage message)
    {
        using var bytes = new MemoryStream();
        message.Body?.WriteTo(Wire(), bytes, contentOnly: true);
        return bytes.ToArray();
    }

    private static byte[] OnTheWire(MimeEntity entity)
    {
        using var bytes = new MemoryStream();
        entity.WriteTo(Wire(), bytes);
        return bytes.ToArray();
    }

    private static FormatOptions Wire()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }

    private static List<string> Signed()
    {
        var files = Directory.EnumerateFiles(SharedMaterial.Require("corpora/mail"), "*", SearchOption.AllDirectories).Where(IsSigned).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count >= 6, $"Only {files.Count} signed messages were found.");
        return files;
    }

    private static bool IsSigned(string file)
    {
        try
        {
            return MimeToMapi.Parse(File.ReadAllBytes(file)).Body is MultipartSigned;
        }
        catch (NotAMessageException)
        {
            return false;
        }
    }
}
