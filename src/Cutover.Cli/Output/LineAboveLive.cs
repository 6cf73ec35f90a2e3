using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cutover.Cli.Output;

/// <summary>A line written above a live picture: it clears the picture first, which is then drawn anew below it.</summary>
internal sealed class LineAboveLive(string markup) : Renderable
{
    private const string ClearToEndOfScreen = "\u001b[J";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [Segment.Control(ClearToEndOfScreen), .. ((IRenderable)new Markup(markup)).Render(options, maxWidth), Segment.LineBreak];
}
