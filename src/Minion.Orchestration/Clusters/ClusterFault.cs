using System.Text;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Tells the caller everything that is wrong with a file.</summary>
internal static class ClusterFault
{
    /// <summary>A status travels in HTTP/2 headers, which have little room: what goes over this is counted, not told.</summary>
    private const int LongestMessage = 900;

    private const string WholeFile = "content";

    public static Fault PlanChanged() => new(
        StatusCode.Aborted,
        "PLAN_CHANGED",
        "What would change is not what was agreed to: somebody changed something meanwhile. Nothing was changed.",
        "Look at the plan again.");

    /// <param name="readings">The files; those without errors are not spoken of.</param>
    public static Fault Of(params IReadOnlyList<ClusterReading> readings)
    {
        var wrong = readings.Where(r => r.Problems.Any).ToList();
        var fields = wrong.SelectMany(r => r.Problems.InOrder.Select(p => Field(r.Source, p, readings.Count > 1))).ToList();
        return new Fault(
            StatusCode.InvalidArgument,
            "INVALID_CLUSTER_FILE",
            string.Join('\n', wrong.Select(r => Message(r.Source, r.Problems.InOrder, LongestMessage / wrong.Count))),
            "Correct the file and apply it again. Nothing was changed.",
            fields);
    }

    private static FieldViolation Field(string source, Problem problem, bool isOneOfMany)
    {
        var place = $"{source}:{problem.Position.Line}:{problem.Position.Column}";
        return isOneOfMany
            ? new FieldViolation(problem.Path.Length == 0 ? place : $"{place} {problem.Path}", problem.Message)
            : new FieldViolation(
                problem.Path.Length == 0 ? WholeFile : problem.Path,
                $"line {problem.Position.Line}, column {problem.Position.Column}: {problem.Message}");
    }

    /// <summary><c>file:line:column path: message</c>, one line each, as many as there is room for.</summary>
    private static string Message(string source, IReadOnlyList<Problem> problems, int longest)
    {
        var text = new StringBuilder(problems.Count == 1 ? $"{source} has an error:" : $"{source} has {problems.Count} errors:");
        foreach (var (i, problem) in problems.Index())
        {
            var path = problem.Path.Length == 0 ? "" : $" {problem.Path}:";
            var line = $"\n{source}:{problem.Position.Line}:{problem.Position.Column}{path} {problem.Message}";
            if (i > 0 && text.Length + line.Length > longest)
            {
                return text.Append($"\nand {problems.Count - i} more").ToString();
            }

            text.Append(line);
        }

        return text.ToString();
    }
}
