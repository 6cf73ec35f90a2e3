namespace Cutover.Mapi.Ntlm;

/// <summary>The client's side of a sign-in by tokens: NTLM by itself, or inside SPNEGO.</summary>
public interface ISecurityClient
{
    /// <summary>The first token.</summary>
    byte[] Begin();

    /// <summary>The token that answers the server's.</summary>
    /// <exception cref="MapiProtocolException">The server's token can't be answered.</exception>
    SecurityClientAnswer Answer(ReadOnlyMemory<byte> challenge);
}

/// <param name="IsLast">False when the server still has to say that it agrees.</param>
/// <param name="SessionKey">The key that both ends share from now on.</param>
public sealed record SecurityClientAnswer(byte[] Token, bool IsLast, byte[] SessionKey, NtlmFlags Flags)
{
    /// <summary>Signs and seals with the session's key; one for each connection.</summary>
    public NtlmSession OpenSession() => NtlmSession.ForClient(SessionKey, Flags);
}
