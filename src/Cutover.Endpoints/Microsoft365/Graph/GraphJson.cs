using System.Text.Json.Serialization;
using Cutover.Endpoints.Microsoft365.Messages;
using Cutover.Endpoints.Microsoft365.Settings;

namespace Cutover.Endpoints.Microsoft365.Graph;

/// <summary>One page of a list.</summary>
internal sealed record GraphPage<T>(IReadOnlyList<T>? Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink = null);

internal sealed record ExtendedProperty(string Id, string? Value);

internal sealed record GraphMailboxFolder(
    string Id, string? DisplayName, string? ParentFolderId, string? WellKnownName, string? Type,
        IReadOnlyList<ExtendedProperty>? SingleValueExtendedProperties);

internal sealed record NewFolder(string DisplayName, string Type, IReadOnlyList<ExtendedProperty> SingleValueExtendedProperties);

internal sealed record FolderName(string DisplayName);

internal sealed record FolderDestination(string DestinationId);

internal sealed record GraphMailboxItem(string Id, string? ChangeKey, IReadOnlyList<ExtendedProperty>? SingleValueExtendedProperties);

internal sealed record ReadState(bool IsRead);

internal sealed record GraphMessageState(bool IsDraft);

internal sealed record ImportSession(string ImportUrl, DateTimeOffset ExpirationDateTime)
{
    /// <summary>Never shows the address, which carries a token.</summary>
    public override string ToString() => nameof(ImportSession);
}

// importItem answers are documented with itemId and changeKey.
internal sealed record ImportedItem(string ItemId, string ChangeKey);

// As the metadata and Microsoft's own SDK write it; the reference page writes itemIds.
internal sealed record ItemIds([property: JsonPropertyName("ItemIds")] IReadOnlyList<string> Ids);

internal sealed record ExportAnswer(IReadOnlyList<ExportAnswerItem?>? Value);

internal sealed record ExportAnswerItem(string? ItemId, string? ChangeKey, string? Data, GraphErrorBody? Error);

internal sealed record ExchangeSettings(string? PrimaryMailboxId);

internal sealed record GraphUser(
    string? Id = null, string? UserPrincipalName = null, string? Mail = null, string? DisplayName = null, string? MailNickname = null,
    bool? AccountEnabled = null, string? UsageLocation = null, string? GivenName = null, string? Surname = null, string? JobTitle = null,
    string? Department = null, string? CompanyName = null, string? OfficeLocation = null, IReadOnlyList<string>? BusinessPhones = null,
    string? MobilePhone = null, string? StreetAddress = null, string? City = null, string? State = null, string? PostalCode = null,
    string? Country = null, PasswordProfile? PasswordProfile = null, IReadOnlyList<string>? ProxyAddresses = null,
    IReadOnlyList<AssignedLicence>? AssignedLicenses = null, bool? OnPremisesSyncEnabled = null, string? PasswordPolicies = null);

internal sealed record PasswordProfile(bool ForceChangePasswordNextSignIn, string Password)
{
    /// <summary>Never shows the password.</summary>
    public override string ToString() => nameof(PasswordProfile);
}

internal sealed record AssignedLicence(Guid SkuId, IReadOnlyList<Guid>? DisabledPlans = null);

internal sealed record LicenceChange(IReadOnlyList<AssignedLicence> AddLicenses, IReadOnlyList<Guid> RemoveLicenses);

internal sealed record SubscribedSku(
    Guid SkuId, string? SkuPartNumber, string? CapabilityStatus, int ConsumedUnits, PrepaidUnits? PrepaidUnits,
        IReadOnlyList<ServicePlan>? ServicePlans);

internal sealed record PrepaidUnits(int Enabled, int Warning = 0, int Suspended = 0);

internal sealed record ServicePlan(Guid ServicePlanId, string? ServicePlanName);

internal sealed record Reference([property: JsonPropertyName("@odata.id")] string Id);

internal sealed record DirectoryObject(string Id);

internal sealed record GraphOrganization(
    string Id, string? DisplayName, bool? OnPremisesSyncEnabled, string? DefaultUsageLocation, string? CountryLetterCode,
        IReadOnlyList<VerifiedDomain>? VerifiedDomains);

internal sealed record VerifiedDomain(string Name, bool IsInitial = false, bool IsDefault = false);

internal sealed record GraphDomain(string Id, bool? IsVerified = null, string? AuthenticationType = null,
    IReadOnlyList<string>? SupportedServices = null);

internal sealed record NewDomain(string Id);

internal sealed record DomainServices(IReadOnlyList<string> SupportedServices);

/// <summary>A DNS record as the tenant wants it; which fields it has follows from <see cref="RecordType"/>.</summary>
internal sealed record DomainDnsRecord(
    string? RecordType, string? Label, int? Ttl, string? SupportedService, bool? IsOptional, string? Text, string? MailExchange, int? Preference,
        string? CanonicalName);

internal sealed record SendMail(GraphMessage Message, bool SaveToSentItems);

internal sealed record GraphMessage(
    string Subject, MessageBody Body, IReadOnlyList<MessageRecipient> ToRecipients, IReadOnlyList<MessageHeader>? InternetMessageHeaders = null,
    string? InternetMessageId = null);

internal sealed record MessageBody(string ContentType, string Content);

internal sealed record MessageRecipient(MessageAddress EmailAddress);

internal sealed record MessageAddress(string Address, string? Name = null);

internal sealed record MessageHeader(string Name, string Value);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GraphError))]
[JsonSerializable(typeof(GraphMailboxFolder))]
[JsonSerializable(typeof(GraphPage<GraphMailboxFolder>))]
[JsonSerializable(typeof(NewFolder))]
[JsonSerializable(typeof(FolderName))]
[JsonSerializable(typeof(FolderDestination))]
[JsonSerializable(typeof(GraphMailboxItem))]
[JsonSerializable(typeof(GraphPage<GraphMailboxItem>))]
[JsonSerializable(typeof(ReadState))]
[JsonSerializable(typeof(GraphMessageState))]
[JsonSerializable(typeof(ImportSession))]
[JsonSerializable(typeof(ImportedItem))]
[JsonSerializable(typeof(ItemIds))]
[JsonSerializable(typeof(ExportAnswer))]
[JsonSerializable(typeof(ExchangeSettings))]
[JsonSerializable(typeof(GraphUser))]
[JsonSerializable(typeof(GraphPage<GraphUser>))]
[JsonSerializable(typeof(LicenceChange))]
[JsonSerializable(typeof(GraphPage<SubscribedSku>))]
[JsonSerializable(typeof(Reference))]
[JsonSerializable(typeof(DirectoryObject))]
[JsonSerializable(typeof(GraphPage<GraphOrganization>))]
[JsonSerializable(typeof(GraphDomain))]
[JsonSerializable(typeof(NewDomain))]
[JsonSerializable(typeof(DomainServices))]
[JsonSerializable(typeof(GraphPage<DomainDnsRecord>))]
[JsonSerializable(typeof(SendMail))]
[JsonSerializable(typeof(NewMessage))]
[JsonSerializable(typeof(MessageStamp))]
[JsonSerializable(typeof(NewAttachment))]
[JsonSerializable(typeof(NewUploadSession))]
[JsonSerializable(typeof(UploadSession))]
[JsonSerializable(typeof(GraphMailboxSettings))]
[JsonSerializable(typeof(GraphCategory))]
[JsonSerializable(typeof(GraphPage<GraphCategory>))]
[JsonSerializable(typeof(GraphMessageRule))]
[JsonSerializable(typeof(GraphPage<GraphMessageRule>))]
internal sealed partial class GraphJson : JsonSerializerContext;
