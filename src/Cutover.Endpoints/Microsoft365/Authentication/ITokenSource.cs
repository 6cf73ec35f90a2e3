namespace Cutover.Endpoints.Microsoft365.Authentication;

/// <summary>Gets access tokens for the application. Tokens are secrets: they go into the Authorization header and nowhere else.</summary>
public interface ITokenSource
{
    /// <summary>A token that is valid for some minutes yet, from memory where there is one.</summary>
    /// <param name="resource">Such as https://graph.microsoft.com.</param>
    /// <exception cref="Core.Faults.MigrationFault">Operator: the sign-in was refused. Endpoint: the authority could not be reached.</exception>
    ValueTask<string> GetTokenAsync(string resource, CancellationToken ct);
}
