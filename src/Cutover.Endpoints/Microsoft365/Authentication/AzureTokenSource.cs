using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Cutover.Core.Faults;
using Cutover.Mapi.Http;

namespace Cutover.Endpoints.Microsoft365.Authentication;

/// <summary>Tokens by OAuth 2.0 client credentials, with a client secret, a certificate or a workload identity, through Azure.Identity. It keeps them until shortly before they end.</summary>
public sealed class AzureTokenSource : ITokenSource
{
    private readonly TokenCredential credential;
    private readonly Microsoft365Settings settings;

    private AzureTokenSource(TokenCredential credential, Microsoft365Settings settings)
    {
        this.credential = credential;
        this.settings = settings;
    }

    /// <param name="http">Carries the requests, so that a private certification authority and connect-to rules hold here too.</param>
    public static AzureTokenSource FromSecret(Microsoft365Settings settings, string clientSecret, HttpClient http)
    {
        if (clientSecret.Length == 0)
            throw new MigrationFault(FaultScope.Operator, $"There is no client secret for the application {settings.ClientId}.",
                "Set the endpoint's client secret, its CertificateFile or its FederatedTokenFile.");
        var options = Configure(new ClientSecretCredentialOptions { DisableInstanceDiscovery = IsPrivate(settings) }, settings, http);
        return new AzureTokenSource(new ClientSecretCredential(settings.TenantId, settings.ClientId, clientSecret, options), settings);
    }

    /// <param name="certificate">With its private key; its public part is registered with the application.</param>
    public static AzureTokenSource FromCertificate(Microsoft365Settings settings, X509Certificate2 certificate, HttpClient http)
    {
        var options = Configure(new ClientCertificateCredentialOptions { DisableInstanceDiscovery = IsPrivate(settings) }, settings, http);
        return new AzureTokenSource(new ClientCertificateCredential(settings.TenantId, settings.ClientId, certificate, options), settings);
    }

    /// <summary>Signs in by the token that the platform puts into <see cref="Microsoft365Settings.FederatedTokenFile"/>, read anew each time.</summary>
    public static AzureTokenSource FromWorkloadIdentity(Microsoft365Settings settings, HttpClient http)
    {
        if (!File.Exists(settings.FederatedTokenFile))
            throw new MigrationFault(FaultScope.Operator, $"The platform's token {settings.FederatedTokenFile} is not there.",
                "Give the pod or machine its workload identity, or set FederatedTokenFile to where its token is.");
        var options = Configure(new WorkloadIdentityCredentialOptions { DisableInstanceDiscovery = IsPrivate(settings) }, settings, http);
        (options.TenantId, options.ClientId, options.TokenFilePath) = (settings.TenantId, settings.ClientId, settings.FederatedTokenFile);
        return new AzureTokenSource(new WorkloadIdentityCredential(options), settings);
    }

    /// <summary>Reads a PEM file that holds certificate and unencrypted key.</summary>
    public static X509Certificate2 ReadCertificate(string file)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MigrationFault(FaultScope.Operator, $"The certificate {file} can't be read: {e.Message}",
                "Name a PEM file that holds the certificate and its unencrypted private key.", e);
        }
    }

    public async ValueTask<string> GetTokenAsync(string resource, CancellationToken ct)
    {
        try
        {
            return (await credential.GetTokenAsync(new TokenRequestContext([resource + "/.default"]), ct)).Token;
        }
        catch (AuthenticationFailedException e)
        {
            throw ToFault(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or Azure.RequestFailedException)
        {
            throw Unreachable(e);
        }
    }

    private static T Configure<T>(T options, Microsoft365Settings settings, HttpClient http) where T : TokenCredentialOptions
    {
        options.AuthorityHost = settings.Authority;
        options.Transport = new HttpClientTransport(http);
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(500);
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    private static bool IsPrivate(Microsoft365Settings settings) => !NationalCloud.IsMicrosofts(settings.Authority);

    // The exception is not passed on as inner: what it holds of request and answer is out of our hands.
    private MigrationFault ToFault(AuthenticationFailedException failure)
    {
        if (SignInError.Find(failure) is { } error) return error.ToFault(settings);
        if (ConnectException.Find(failure) is { } refused) return Refused(refused);
        return Unreachable(failure.InnerException ?? failure);
    }

    private MigrationFault Unreachable(Exception failure) => ConnectException.Find(failure) is { } refused
        ? Refused(refused)
        : new MigrationFault(FaultScope.Endpoint, $"The sign-in service {settings.Authority.Authority} did not answer ({failure.GetType().Name}).",
            "Check the network; Cutover tries again by itself.")
        { IsTransient = true };

    private MigrationFault Refused(ConnectException refused) => new(
        refused.Failure is ConnectFailure.Refused or ConnectFailure.Unreachable ? FaultScope.Endpoint : FaultScope.Operator,
        $"The sign-in service {settings.Authority.Authority} can't be reached: {refused.Message}", refused.NextStep)
    { IsTransient = refused.Failure is ConnectFailure.Refused or ConnectFailure.Unreachable };
}
