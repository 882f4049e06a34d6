using System.Text.RegularExpressions;

namespace Minion.Models.Routing;

/// <summary>Everything that is wrong with a router.</summary>
internal static class RouteValidation
{
    public const int MostCandidates = 32;
    private const int MostRules = 100;
    private const int LongestPattern = 1_000;

    public static IEnumerable<(string Path, string Message)> Check(RouteDefinition route)
    {
        if (route.Policy is { } policy && !RoutePolicies.Names.Contains(policy))
        {
            yield return ("policy", $"'{Texts.Shorten(policy)}' is no policy{Texts.Nearest(policy, RoutePolicies.Names)}; allowed: {string.Join(", ", RoutePolicies.Names)}.");
        }

        foreach (var error in CheckCandidates(route).Concat(CheckTier("tier", route.Tier)).Concat(CheckJudge(route)))
        {
            yield return error;
        }

        foreach (var (index, step) in (route.Degrade ?? []).Index().Where(s => !RoutePolicies.Steps.Contains(s.Item)))
        {
            yield return ($"degrade[{index}]", $"'{Texts.Shorten(step)}' is no step; allowed: {string.Join(", ", RoutePolicies.Steps)}.");
        }

        if (route.Rules?.Count > MostRules)
        {
            yield return ("rules", $"are {route.Rules.Count}; at most {MostRules} are allowed.");
        }

        foreach (var error in (route.Rules ?? []).Index().SelectMany(r => CheckRule($"rules[{r.Index}]", r.Item, route)))
        {
            yield return error;
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckCandidates(RouteDefinition route)
    {
        if (route.Candidates is { Count: 0 or > MostCandidates } candidates)
        {
            yield return ("candidates", $"are {candidates.Count}; 1 to {MostCandidates} are allowed, or leave the list out to choose from all models whose keys the server has.");
        }

        foreach (var (index, name) in (route.Candidates ?? []).Index().Where(c => route.Candidates!.Take(c.Index).Contains(c.Item)))
        {
            yield return ($"candidates[{index}]", $"'{Texts.Shorten(name)}' stands there twice.");
        }

        foreach (var (name, weight) in route.Weights ?? new Dictionary<string, double>())
        {
            if (weight is not (>= 0 and <= 1_000_000))
            {
                yield return ($"weights.{name}", "must be a number from 0 to 1000000.");
            }

            if (route.Candidates?.Contains(name) == false)
            {
                yield return ($"weights.{name}", $"'{Texts.Shorten(name)}' is none of the candidates{Texts.Nearest(name, route.Candidates)}.");
            }
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckJudge(RouteDefinition route)
    {
        if (route.MinScore is { } score and not (>= 0 and <= 1))
        {
            yield return ("min_score", $"is {score}; it must be from 0 to 1.");
        }

        if (route is { Escalate: false, Judge: not null })
        {
            yield return ("judge", "judges nothing unless escalate is true.");
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckRule(string path, RouteRule rule, RouteDefinition route)
    {
        if (rule.Match is { } pattern && RouteRules.Check(pattern) is { } problem)
        {
            yield return ($"{path}.match", pattern.Length > LongestPattern ? $"has more than {LongestPattern} characters." : problem);
        }

        if (new[] { rule.Tier, rule.Use }.Count(t => t is not null) + (rule.Raise is null ? 0 : 1) != 1)
        {
            yield return (path, "must say one of tier, raise and use: what to do when it holds.");
        }

        if (rule is { Match: null, MinTokens: null, MaxTokens: null, MinTools: null, Agent: null, Json: null })
        {
            yield return (path, "must name a condition: match, min_tokens, max_tokens, min_tools, agent or json.");
        }

        if (rule.Raise is < -3 or > 3 or 0)
        {
            yield return ($"{path}.raise", "must be a whole number from -3 to 3, and not 0.");
        }

        if (rule.Use is { } use && route.Candidates?.Contains(use) == false)
        {
            yield return ($"{path}.use", $"'{Texts.Shorten(use)}' is none of the candidates{Texts.Nearest(use, route.Candidates)}.");
        }

        foreach (var error in CheckTier($"{path}.tier", rule.Tier))
        {
            yield return error;
        }
    }

    public static IEnumerable<(string Path, string Message)> CheckTier(string path, string? tier) =>
        tier is not null && ModelTiers.Find(tier) is null
            ? [(path, $"'{Texts.Shorten(tier)}' is no tier{Texts.Nearest(tier, ModelTiers.Names)}; allowed: {string.Join(", ", ModelTiers.Names)}.")]
            : [];
}
