using System.Net;
using System.Text.RegularExpressions;
using Cutover.Core.Runbooks;
using Fluid;

namespace Cutover.Core.Messages;

/// <summary>The message that tells a user about the new mailbox (S26), in English or Dutch, from the Liquid templates beside this file.</summary>
/// <param name="language">en or nl.</param>
public sealed partial class WelcomeMessage(string language)
{
    private static readonly FluidParser Parser = new();
    private readonly IFluidTemplate template = Load(language);

    public UserMessage For(CutoverPlan plan, CutoverMailbox mailbox)
    {
        var context = new TemplateContext();
        context.SetValue("name", mailbox.DisplayName);
        context.SetValue("address", mailbox.Target.PrimarySmtpAddress);
        context.SetValue("organisation", plan.OrganisationName);
        var html = template.Render(context, HtmlEncoder());
        var subject = language == "nl" ? "Welkom in uw nieuwe postvak" : "Welcome to your new mailbox";
        return new UserMessage($"welcome.{plan.BatchName}.{mailbox.Target.PrimarySmtpAddress}", mailbox.Target.PrimarySmtpAddress, subject, Text(html), html);
    }

    private static System.Text.Encodings.Web.HtmlEncoder HtmlEncoder() => System.Text.Encodings.Web.HtmlEncoder.Default;

    private static IFluidTemplate Load(string language)
    {
        var name = $"Cutover.Core.Messages.Templates.welcome.{language}.liquid";
        using var stream = typeof(WelcomeMessage).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no welcome message in '{language}'; choose en or nl.", nameof(language));
        using var reader = new StreamReader(stream);
        return Parser.Parse(reader.ReadToEnd());
    }

    private static string Text(string html) =>
        WebUtility.HtmlDecode(Tag().Replace(html.Replace("<li>", "- "), "")).Trim();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
