using System.Formats.Asn1;

namespace Cutover.Mapi.Ntlm;

/// <summary>How far the negotiation is. Source: RFC 4178 4.2.2.</summary>
public enum SpnegoState
{
    AcceptCompleted = 0,
    AcceptIncomplete = 1,
    Reject = 2,
    RequestMic = 3,
}

/// <summary>One token of SPNEGO. A closed set. Source: RFC 4178 4.2, [MS-SPNG] 2.2.</summary>
public abstract record SpnegoToken
{
    /// <summary>NTLMSSP. Source: [MS-SPNG] 1.9, appendix A.</summary>
    public const string NtlmMechanism = "1.3.6.1.4.1.311.2.2.10";

    /// <summary>Kerberos. Source: RFC 4121 4.1.</summary>
    public const string KerberosMechanism = "1.2.840.113554.1.2.2";

    private const string SpnegoMechanism = "1.3.6.1.5.5.2";
    private static readonly Asn1Tag Framing = new(TagClass.Application, 0, isConstructed: true);

    /// <summary>The client's first token.</summary>
    /// <param name="Mechanisms">Object identifiers, the best first.</param>
    /// <param name="MechanismToken">The first mechanism's own first token.</param>
    public sealed record Init(IReadOnlyList<string> Mechanisms, ReadOnlyMemory<byte>? MechanismToken) : SpnegoToken
    {
        /// <summary>MechTypeList alone, which a MIC is over.</summary>
        public static byte[] Encode(IEnumerable<string> mechanisms)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            Write(writer, mechanisms);
            return writer.Encode();
        }

        public override byte[] ToArray()
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence(Framing))
            {
                writer.WriteObjectIdentifier(SpnegoMechanism);
                using (writer.PushSequence(Field(0)))
                using (writer.PushSequence())
                {
                    using (writer.PushSequence(Field(0))) Write(writer, Mechanisms);
                    WriteOctets(writer, 2, MechanismToken);
                }
            }
            return writer.Encode();
        }

        internal static Init ReadBody(AsnReader outer)
        {
            var body = outer.ReadSequence(Field(0)).ReadSequence();
            var mechanisms = new List<string>();
            for (var list = body.ReadSequence(Field(0)).ReadSequence(); list.HasData;) mechanisms.Add(list.ReadObjectIdentifier());
            SkipTo(body, 2);
            return new Init(mechanisms, ReadOctets(body, 2));
        }

        private static void Write(AsnWriter writer, IEnumerable<string> mechanisms)
        {
            using var _ = writer.PushSequence();
            foreach (var mechanism in mechanisms) writer.WriteObjectIdentifier(mechanism);
        }
    }

    /// <summary>Every token after the first, both ways.</summary>
    /// <param name="Mic">The signature of the list of mechanisms.</param>
    public sealed record Response(SpnegoState? State, string? Mechanism, ReadOnlyMemory<byte>? Token, ReadOnlyMemory<byte>? Mic = null) : SpnegoToken
    {
        public override byte[] ToArray()
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence(Field(1)))
            using (writer.PushSequence())
            {
                if (State is { } state)
                    using (writer.PushSequence(Field(0))) writer.WriteEnumeratedValue(state);
                if (Mechanism is not null)
                    using (writer.PushSequence(Field(1))) writer.WriteObjectIdentifier(Mechanism);
                WriteOctets(writer, 2, Token);
                WriteOctets(writer, 3, Mic);
            }
            return writer.Encode();
        }

        internal static Response ReadBody(AsnReader outer)
        {
            var body = outer.ReadSequence(Field(1)).ReadSequence();
            SpnegoState? state = Has(body, 0) ? body.ReadSequence(Field(0)).ReadEnumeratedValue<SpnegoState>() : null;
            var mechanism = Has(body, 1) ? body.ReadSequence(Field(1)).ReadObjectIdentifier() : null;
            return new Response(state, mechanism, ReadOctets(body, 2), ReadOctets(body, 3));
        }
    }

    public abstract byte[] ToArray();

    /// <exception cref="MapiProtocolException">This is no SPNEGO token.</exception>
    public static SpnegoToken Read(ReadOnlyMemory<byte> token)
    {
        try
        {
            // Windows' tokens are BER in places.
            var outer = new AsnReader(token, AsnEncodingRules.BER);
            if (!outer.PeekTag().HasSameClassAndValue(Framing)) return Response.ReadBody(outer);
            var framed = outer.ReadSequence(Framing);
            return framed.ReadObjectIdentifier() == SpnegoMechanism
                ? Init.ReadBody(framed)
                : throw new MapiProtocolException("The GSS token is of another mechanism than SPNEGO");
        }
        catch (AsnContentException e)
        {
            throw new MapiProtocolException($"Broken SPNEGO token: {e.Message}", e);
        }
    }

    private static Asn1Tag Field(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);

    private static bool Has(AsnReader body, int number) => body.HasData && body.PeekTag().HasSameClassAndValue(Field(number));

    private static void SkipTo(AsnReader body, int number)
    {
        while (body.HasData && body.PeekTag().TagClass == TagClass.ContextSpecific && body.PeekTag().TagValue < number) body.ReadEncodedValue();
    }

    private static ReadOnlyMemory<byte>? ReadOctets(AsnReader body, int number) =>
        Has(body, number) ? body.ReadSequence(Field(number)).ReadOctetString() : default(ReadOnlyMemory<byte>?);

    private static void WriteOctets(AsnWriter writer, int number, ReadOnlyMemory<byte>? octets)
    {
        if (octets is not { } bytes) return;
        using var _ = writer.PushSequence(Field(number));
        writer.WriteOctetString(bytes.Span);
    }
}
