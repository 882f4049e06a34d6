using System.Globalization;
using System.Text.Json.Nodes;

namespace Minion.Models.Providers.Scripted;

/// <summary>A value and what is done to it: <c>amount | number</c>, <c>calculator.value</c>, <c>calls.0.notes.text</c>, <c>error</c>.</summary>
internal sealed class Expression
{
    private readonly string _text;
    private readonly Source _source;
    private readonly IReadOnlyList<Filter> _filters;

    private Expression(string text, Source source, IReadOnlyList<Filter> filters)
    {
        _text = text;
        _source = source;
        _filters = filters;
    }

    /// <summary>Whether a template that is only this expression is more than text.</summary>
    public bool KeepsType => _filters.Count == 0 ? _source is Source.Result : _filters[^1].Name == "number";

    public static Expression? Parse(string text, TemplateScope scope, Action<string> error)
    {
        var parts = text.Split('|', StringSplitOptions.TrimEntries);
        var source = FindSource(parts[0], scope);
        if (source is null)
        {
            error(Unknown(parts[0], scope));
        }

        var filters = new List<Filter>();
        foreach (var name in parts.Skip(1))
        {
            if (Filter.All.FirstOrDefault(f => f.Name == name) is { } filter)
            {
                filters.Add(filter);
            }
            else
            {
                var names = Filter.All.Select(f => f.Name).ToList();
                error($"has no filter '{Texts.Shorten(name)}'{Texts.Nearest(name, names)}; allowed: {string.Join(", ", names)}.");
            }
        }

        return source is null ? null : new Expression(parts[0], source, filters);
    }

    public JsonNode? Evaluate(Bindings bindings) =>
        _filters.Aggregate(_source.Read(bindings, _text), (value, filter) => filter.Apply(value));

    private static Source? FindSource(string path, TemplateScope scope)
    {
        if (scope.Captures.Contains(path))
        {
            return new Source.Capture(path);
        }

        if (scope.HasError && path == "error")
        {
            return new Source.Error();
        }

        // A tool's name may have dots of its own: the longest name that fits is meant.
        var tool = scope.Tools.Where(t => path == t || path.StartsWith(t + ".", StringComparison.Ordinal)).MaxBy(t => t.Length);
        if (tool is not null)
        {
            return new Source.Result(Enumerable.Range(0, scope.Tools.Count).Last(i => scope.Tools[i] == tool), Fields(path[tool.Length..]));
        }

        return path.Split('.') is ["calls", var position, ..]
            && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < scope.Tools.Count
                ? new Source.Result(index, Fields(path[("calls.".Length + position.Length)..]))
                : null;
    }

    private static string[] Fields(string path) => path.Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static string Unknown(string name, TemplateScope scope)
    {
        IReadOnlyList<string> known =
            [.. scope.Captures.Where(c => !char.IsAsciiDigit(c[0])), .. scope.Tools.Distinct().Select(t => t + ".…"), .. scope.HasError ? ["error"] : (string[])[]];
        var nearest = Texts.Nearest(name, scope.Captures);
        return $"has no value '{Texts.Shorten(name)}' here{nearest}; there is: {(known.Count == 0 ? "nothing" : string.Join(", ", known))}.";
    }
}
