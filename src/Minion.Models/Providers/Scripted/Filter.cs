using System.Text.Json.Nodes;

namespace Minion.Models.Providers.Scripted;

/// <summary>What a template may do to a value. A new filter is one line in <see cref="All"/>.</summary>
internal sealed record Filter(string Name, Func<JsonNode?, JsonNode?> Apply)
{
    public static IReadOnlyList<Filter> All { get; } =
    [
        new("number", value => JsonValue.Create(NumberText.Read(Json.ToText(value)))),
        new("trim", value => JsonValue.Create(Json.ToText(value).Trim())),
        new("upper", value => JsonValue.Create(Json.ToText(value).ToUpperInvariant())),
        new("lower", value => JsonValue.Create(Json.ToText(value).ToLowerInvariant())),
        new("json", value => JsonValue.Create(Json.Escape(Json.ToText(value)))),
        new("short", value => JsonValue.Create(Texts.Shorten(Json.ToText(value), 300))),
    ];
}
