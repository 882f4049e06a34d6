namespace Minion.Tools;

/// <summary>Something that an agent may do: a description and a way to do it. One instance serves all calls, many at once.</summary>
public interface ITool
{
    /// <summary>What it is called, takes, gives and is allowed; read once, when the registry is made.</summary>
    ToolDescription Description { get; }

    /// <summary>
    /// Does it. The arguments fit the input schema. What goes wrong is returned as a <see cref="ToolFailure"/> with a hint how to
    /// recover; an exception means that the tool itself is broken, and the caller hears only that.
    /// </summary>
    /// <param name="call">What is asked, by whom.</param>
    /// <param name="cancellationToken">Ends when the tool's timeout has passed or the caller has gone.</param>
    ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken);
}
