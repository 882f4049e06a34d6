using System.Text.RegularExpressions;
using Minion.Models.Routing;

namespace Minion.Models;

internal static partial class DefinitionValidation
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    public static IReadOnlyList<(string Path, string Message)> Check(ModelDefinition definition)
    {
        var errors = new List<(string, string)>();
        if (!NamePattern.IsMatch(definition.Name) && definition.Name != $"{definition.Provider}/{definition.Model}")
        {
            errors.Add(("name", $"'{Texts.Shorten(definition.Name)}' is not a name: 1 to 63 lower-case letters, digits and hyphens, starting with a letter."));
        }

        CheckNotNegative("context_window", definition.ContextWindow, errors);
        CheckNotNegative("max_output", definition.MaxOutput, errors);
        CheckNotNegative("price.input", definition.Price?.Input, errors);
        CheckNotNegative("price.cached_input", definition.Price?.CachedInput, errors);
        CheckNotNegative("price.cache_write", definition.Price?.CacheWrite, errors);
        CheckNotNegative("price.output", definition.Price?.Output, errors);
        CheckNotNegative("price.reasoning", definition.Price?.Reasoning, errors);
        CheckDuration("timeout", definition.Timeout, errors);
        CheckDuration("idle_timeout", definition.IdleTimeout, errors);
        errors.AddRange(definition.Cache?.Check() ?? []);

        errors.AddRange(RouteValidation.CheckTier("tier", definition.Tier));
        CheckFailover(definition, errors);

        if (ModelProviders.Find(definition.Provider) is { } provider)
        {
            errors.AddRange(provider.Validate(definition));
        }
        else
        {
            var nearest = Texts.Nearest(definition.Provider, ModelProviders.Names);
            errors.Add(("provider", $"There is no provider '{Texts.Shorten(definition.Provider)}'{nearest}; allowed: {string.Join(", ", ModelProviders.Names)}."));
        }

        return errors;
    }

    /// <summary>The rule that keeps a definition from reading the server's other secrets.</summary>
    public static string? CheckKeyVariable(string variable) =>
        KeyVariablePattern.IsMatch(variable) && (!variable.StartsWith("MINION_", StringComparison.Ordinal) || variable == ModelOverride.KeyVariable)
            ? null
            : $"'{Texts.Shorten(variable)}' is not allowed: the name of a variable in capitals that ends in _API_KEY and does not start with MINION_ ({ModelOverride.KeyVariable} excepted).";

    private static void CheckNotNegative(string path, decimal? value, List<(string, string)> errors)
    {
        if (value < 0)
        {
            errors.Add((path, "must not be negative."));
        }
    }

    private static void CheckFailover(ModelDefinition definition, List<(string, string)> errors)
    {
        if (definition is { Route: not null, Provider: not ModelProviders.Router })
        {
            errors.Add(("provider", $"must be {ModelProviders.Router}, because what only routers have is set: policy, candidates, weights, rules, escalate, judge, min_score or degrade."));
        }

        if (definition.Failover?.Count > RouteValidation.MostCandidates)
        {
            errors.Add(("failover", $"has {definition.Failover.Count} names; at most {RouteValidation.MostCandidates} are allowed."));
        }

        foreach (var (index, name) in (definition.Failover ?? []).Index().Where(f => f.Item == definition.Name))
        {
            errors.Add(($"failover[{index}]", $"'{name}' leads back to itself."));
        }
    }

    private static void CheckDuration(string path, TimeSpan? value, List<(string, string)> errors)
    {
        if (value is { } duration && (duration <= TimeSpan.Zero || duration > LongestTimeout))
        {
            errors.Add((path, "must be more than 0 and at most 1 hour."));
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern { get; }

    [GeneratedRegex("^[A-Z][A-Z0-9_]{0,100}_API_KEY$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex KeyVariablePattern { get; }
}
