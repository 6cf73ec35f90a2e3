namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>Tests that measure what the process allocates run when no other does.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
