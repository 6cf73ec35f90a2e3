namespace Cutover.Mapi.Ntlm;

/// <summary>The server's side of a sign-in by tokens: NTLM by itself, or inside SPNEGO.</summary>
public interface ISecurityServer
{
    /// <summary>Answers the client's first token.</summary>
    byte[] Challenge(ReadOnlyMemory<byte> negotiate);

    /// <summary>Judges the client's last token.</summary>
    /// <exception cref="NtlmRefusedException">The client did not prove who it is.</exception>
    SecurityServerAnswer Accept(ReadOnlyMemory<byte> authenticate);
}

/// <param name="Token">What the client still waits for; null when nothing.</param>
public sealed record SecurityServerAnswer(NtlmIdentity Identity, byte[]? Token);
