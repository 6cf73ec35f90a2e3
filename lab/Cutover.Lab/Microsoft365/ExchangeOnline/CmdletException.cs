using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cutover.Lab.Microsoft365.ExchangeOnline;

/// <summary>A refusal of a cmdlet. Clients tell refusals apart by the .NET type inside the message.</summary>
internal sealed class CmdletException(int status, string code, string type, string message) : Exception(message)
{
    private const string DomainController = "EURPR01A001DC001.EURPR01A001.PROD.OUTLOOK.COM";
    private const string ODataType = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException";

    public int Status { get; } = status;

    public static CmdletException ParameterSet(string detail) => new(400, "BadRequest",
        "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException",
        $"Parameter set cannot be resolved using the specified named parameters. {detail}");

    public static CmdletException UnknownParameter(string parameter) => ParameterSet($"Invalid cmdlet parameters specified. {parameter}");

    public static CmdletException Transformation(string parameter, string value, string type) => new(400, "BadRequest",
        "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException",
        $"Cannot process argument transformation on parameter '{parameter}'. Cannot convert value \"{value}\" to type \"{type}\".");

    public static CmdletException UnknownCmdlet(string cmdlet) => new(400, "BadRequest",
        "System.Management.Automation.CommandNotFoundException",
        $"The term '{cmdlet}' is not recognized as the name of a cmdlet, function, script file, or operable program.");

    public static CmdletException NotFound(string identity) => new(404, "NotFound",
        "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
        $"The operation couldn't be performed because object '{identity}' couldn't be found on '{DomainController}'.");

    public static CmdletException Ambiguous(string identity) => new(400, "BadRequest",
        "Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException",
        $"The operation couldn't be performed because '{identity}' matches multiple entries.");

    public static CmdletException AddressInUse(string address, string holder) => new(400, "BadRequest",
        "Microsoft.Exchange.Management.Tasks.ProxyAddressExistsException",
        $"The proxy address \"{address}\" is already being used by the proxy addresses or LegacyExchangeDN of \"{holder}\". Please choose another proxy address.");

    public static CmdletException NameInUse(string name) => new(400, "BadRequest",
        "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
        $"Active Directory operation failed on {DomainController}. The object 'CN={name}' already exists.");

    public static CmdletException NotAcceptedDomain(string address) => new(400, "BadRequest",
        "Microsoft.Exchange.Management.Tasks.NotAcceptedDomainException",
        $"You can't use the domain because it's not an accepted domain for your organization. Address: {address}");

    public static CmdletException Validation(string message) =>
        new(400, "BadRequest", "Microsoft.Exchange.Data.DataValidationException", message);

    public static CmdletException Recipient(string type, string message) =>
        new(400, "BadRequest", $"Microsoft.Exchange.Management.Tasks.{type}", message);

    /// <summary>The body as the service writes it: binding errors carry no error id, those of the cmdlet itself do.</summary>
    public JsonObject ToJson()
    {
        var ofBinding = type.StartsWith("Microsoft.Exchange.AdminApi", StringComparison.Ordinal);
        var summary = ofBinding ? "Invalid Operation" : "Error executing cmdlet";
        var errorId = ofBinding ? "" : "Ex" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(type)), 0, 3);
        return new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = code,
                ["message"] = summary,
                ["details"] =
                    new JsonArray(new JsonObject { ["code"] = "Client", ["target"] = "", ["message"] = $"{errorId}|{type}|{Message}" }),
                ["innererror"] = new JsonObject
                {
                    ["message"] = summary,
                    ["type"] = ODataType,
                    ["stacktrace"] = "",
                    ["internalexception"] = new JsonObject
                    {
                        ["message"] = ofBinding
                            ? Message
                            : "Exception of type 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException' was thrown.",
                        ["type"] = ofBinding ? type : "Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException",
                        ["stacktrace"] = "",
                    },
                },
                ["adminapi.warnings@odata.type"] = "#Collection(String)",
                ["@adminapi.warnings"] = new JsonArray(),
            },
        };
    }
}
