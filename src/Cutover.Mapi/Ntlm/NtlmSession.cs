using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace Cutover.Mapi.Ntlm;

/// <summary>Signs and seals messages after a sign-in, with extended session security. Source: [MS-NLMP] 3.4.</summary>
public sealed class NtlmSession : IDisposable
{
    /// <summary>Bytes of a signature. Source: [MS-NLMP] 2.2.2.9.2.</summary>
    public const int SignatureSize = 16;

    private readonly Direction sending;
    private readonly Direction receiving;

    private NtlmSession(Direction sending, Direction receiving)
    {
        this.sending = sending;
        this.receiving = receiving;
    }

    /// <param name="sessionKey">ExportedSessionKey: 16 bytes.</param>
    public static NtlmSession ForClient(byte[] sessionKey, NtlmFlags flags) =>
        new(new Direction(sessionKey, flags, "client-to-server"), new Direction(sessionKey, flags, "server-to-client"));

    /// <param name="sessionKey">ExportedSessionKey: 16 bytes.</param>
    public static NtlmSession ForServer(byte[] sessionKey, NtlmFlags flags) =>
        new(new Direction(sessionKey, flags, "server-to-client"), new Direction(sessionKey, flags, "client-to-server"));

    /// <summary>Signs a message to be sent, and encrypts a part of it in place. Source: [MS-NLMP] 3.4.6 GSS_WrapEx.</summary>
    /// <param name="secret">The part to encrypt, may be empty; the signature is over the plain text.</param>
    /// <param name="signature">Takes <see cref="SignatureSize"/> bytes.</param>
    public void Protect(Span<byte> message, Range secret, Span<byte> signature)
    {
        Span<byte> checksum = stackalloc byte[HMACMD5.HashSizeInBytes];
        sending.Hash(message, checksum);
        sending.Crypt(message[secret]);
        sending.Finish(checksum, signature);
    }

    /// <summary>Decrypts a part of a message that came, in place, and says whether its signature is right.</summary>
    public bool Unprotect(Span<byte> message, Range secret, ReadOnlySpan<byte> signature)
    {
        Span<byte> checksum = stackalloc byte[HMACMD5.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SignatureSize];
        receiving.Crypt(message[secret]);
        receiving.Hash(message, checksum);
        receiving.Finish(checksum, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    public void Dispose()
    {
        sending.Dispose();
        receiving.Dispose();
    }

    /// <summary>Keys, cipher and sequence number of one way. Source: [MS-NLMP] 3.4.5.2 SIGNKEY, 3.4.5.3 SEALKEY.</summary>
    private sealed class Direction : IDisposable
    {
        private readonly IncrementalHash hash;
        private readonly RC4Engine cipher = new();
        private readonly bool encryptsChecksum;
        private uint sequenceNumber;

        public Direction(byte[] sessionKey, NtlmFlags flags, string way)
        {
            var signKey = Derive(sessionKey, $"session key to {way} signing key magic constant\0");
            var weakened = flags.HasFlag(NtlmFlags.Key128) ? sessionKey : flags.HasFlag(NtlmFlags.Key56) ? sessionKey[..7] : sessionKey[..5];
            hash = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, signKey);
            cipher.Init(forEncryption: true, new KeyParameter(Derive(weakened, $"session key to {way} sealing key magic constant\0")));
            encryptsChecksum = flags.HasFlag(NtlmFlags.KeyExchange);
        }

        /// <summary>HMAC-MD5 over sequence number and message.</summary>
        public void Hash(ReadOnlySpan<byte> message, Span<byte> checksum)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(number, sequenceNumber);
            hash.AppendData(number);
            hash.AppendData(message);
            hash.GetHashAndReset(checksum);
        }

        public void Crypt(Span<byte> bytes) => cipher.ProcessBytes(bytes, bytes);

        /// <summary>Makes the signature of the checksum and goes on to the next message. Source: [MS-NLMP] 3.4.4.2.</summary>
        public void Finish(ReadOnlySpan<byte> checksum, Span<byte> signature)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(signature, 1); // Version
            checksum[..8].CopyTo(signature[4..]);
            if (encryptsChecksum) Crypt(signature[4..12]);
            BinaryPrimitives.WriteUInt32LittleEndian(signature[12..], sequenceNumber++);
        }

        public void Dispose() => hash.Dispose();

        private static byte[] Derive(byte[] key, string constant) => MD5.HashData([.. key, .. Encoding.ASCII.GetBytes(constant)]);
    }
}
