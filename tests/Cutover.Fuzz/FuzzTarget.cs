namespace Cutover.Fuzz;

/// <summary>A decoder and the well-formed inputs to start from. It may throw MapiProtocolException and nothing else.</summary>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[]> Decode);
