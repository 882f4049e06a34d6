using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Minion.Models.Providers.Scripted;

/// <summary>The names that a template may use, known when the script is read.</summary>
/// <param name="Captures">The pattern's groups.</param>
/// <param name="Tools">The tools whose results are there by then, in the order of the calls.</param>
/// <param name="HasError">Whether <c>error</c> is there.</param>
internal sealed record TemplateScope(IReadOnlyList<string> Captures, IReadOnlyList<string> Tools, bool HasError);

/// <summary>The values behind those names, for one match.</summary>
/// <param name="Match">The match with its captures.</param>
/// <param name="Results">The calls' results in order; null for one that is not there.</param>
/// <param name="Error">Why the match has no answer.</param>
internal sealed record Bindings(Match Match, IReadOnlyList<JsonNode?> Results, string Error = "");
