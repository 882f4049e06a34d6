using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Runs.Trees;

/// <summary>Trees as the API shows them.</summary>
internal static class TreeMapping
{
    public static GetRunTreeResponse ToProto(this RunTree tree)
    {
        var response = new GetRunTreeResponse { Truncated = tree.IsTruncated };
        var known = tree.Runs.Select(r => r.Run.Id).ToHashSet();
        foreach (var (run, step, call) in tree.Runs)
        {
            var isTop = response.Nodes.Count == 0;
            var node = new RunNode
            {
                Run = run.Shortened().ToProto(),
                ParentStep = isTop ? 0 : step,
                ParentCall = isTop ? 0 : call,
                StepCount = tree.StepCounts.GetValueOrDefault(run.Id),
            };
            node.Steps.AddRange(tree.Steps[run.Id].Select(s => s.ToProto(known)));
            response.Nodes.Add(node);
        }

        return response;
    }

    private static StepSummary ToProto(this TreeStep step, HashSet<Guid> known) => new()
    {
        Step = step.Step,
        Call = step.Call,
        Kind = step.Kind,
        Name = step.Name,
        StartedAt = step.StartedAt.ToTimestamp(),
        EndedAt = step.EndedAt?.ToTimestamp(),
        Usage = step.Usage == default ? null : step.Usage.ToProto(),
        Failed = step.Failed,
        ChildId = step.Child is { } child && known.Contains(child) ? child.ToString() : "",
        Label = step.Label,
    };
}
