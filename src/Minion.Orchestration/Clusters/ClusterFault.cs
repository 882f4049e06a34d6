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

    public static Fault Of(ClusterReading reading)
    {
        var problems = reading.Problems.InOrder;
        var fields = problems
            .Select(p => new FieldViolation(p.Path.Length == 0 ? WholeFile : p.Path, $"line {p.Position.Line}, column {p.Position.Column}: {p.Message}"))
            .ToList();

        return new Fault(
            StatusCode.InvalidArgument,
            "INVALID_CLUSTER_FILE",
            Message(reading.Source, problems),
            "Correct the file and apply it again. Nothing was changed.",
            fields);
    }

    /// <summary><c>file:line:column path: message</c>, one line each, as many as there is room for.</summary>
    private static string Message(string source, IReadOnlyList<Problem> problems)
    {
        var text = new StringBuilder(problems.Count == 1 ? $"{source} has an error:" : $"{source} has {problems.Count} errors:");
        foreach (var (i, problem) in problems.Index())
        {
            var path = problem.Path.Length == 0 ? "" : $" {problem.Path}:";
            var line = $"\n{source}:{problem.Position.Line}:{problem.Position.Column}{path} {problem.Message}";
            if (i > 0 && text.Length + line.Length > LongestMessage)
            {
                return text.Append($"\nand {problems.Count - i} more").ToString();
            }

            text.Append(line);
        }

        return text.ToString();
    }
}
