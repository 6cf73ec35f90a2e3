using Microsoft.Extensions.Logging;

namespace Cutover.Server;

/// <summary>Shows the administrator what is logged as a warning or worse.</summary>
internal sealed class TellingLogger(Action<string> tell) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) tell(formatter(state, exception));
    }
}
