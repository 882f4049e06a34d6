using System.Text.Json;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>Selects nodes of a document by a path (RFC 9535). The work is bounded, however the path and the document are made.</summary>
internal sealed class PathQuery
{
    /// <summary>Nodes that one query may look at.</summary>
    public const int MostSteps = 2_000_000;

    private readonly IReadOnlyList<Segment> _segments;

    private PathQuery(IReadOnlyList<Segment> segments)
    {
        _segments = segments;
    }

    /// <exception cref="PathError">It is no path.</exception>
    public static PathQuery Parse(string path) => new(PathParser.Parse(path));

    /// <exception cref="PathTooCostly">It would look at too many nodes.</exception>
    public IReadOnlyList<PathNode> Select(JsonElement document, CancellationToken cancellationToken)
    {
        var root = new PathNode(document, Parent: null, Name: null, 0);
        return new Evaluation(root, cancellationToken).Run(_segments, root);
    }

    private sealed class Evaluation
    {
        private readonly PathNode _root;
        private readonly PathConditions _conditions;
        private readonly CancellationToken _cancellationToken;
        private int _steps;

        public Evaluation(PathNode root, CancellationToken cancellationToken)
        {
            (_root, _cancellationToken) = (root, cancellationToken);
            _conditions = new PathConditions((query, node) => Run(query.Segments, query.FromRoot ? _root : node));
        }

        public List<PathNode> Run(IReadOnlyList<Segment> segments, PathNode start)
        {
            List<PathNode> nodes = [start];
            foreach (var segment in segments)
            {
                nodes = [.. nodes.SelectMany(node => segment.Descends ? WithDescendants(node) : [node])
                    .SelectMany(node => segment.Selectors.SelectMany(selector => Apply(selector, node)))];
            }

            return nodes;
        }

        private IEnumerable<PathNode> WithDescendants(PathNode node)
        {
            var waiting = new Stack<PathNode>([node]);
            while (waiting.TryPop(out var next))
            {
                Count();
                yield return next;
                foreach (var child in next.Children().Reverse())
                {
                    waiting.Push(child);
                }
            }
        }

        private IEnumerable<PathNode> Apply(Selector selector, PathNode node)
        {
            Count();
            return selector switch
            {
                NameSelector name => Member(node, name.Name),
                IndexSelector index => Element(node, index.Index),
                WildcardSelector => Counted(node.Children()),
                SliceSelector slice => Slice(node, slice),
                FilterSelector filter => Counted(node.Children()).Where(child => _conditions.Holds(filter.Condition, child)),
                _ => [],
            };
        }

        private static IEnumerable<PathNode> Member(PathNode node, string name) =>
            node.Value.ValueKind == JsonValueKind.Object && node.Value.TryGetProperty(name, out var value) ? [new PathNode(value, node, name, 0)] : [];

        private static IEnumerable<PathNode> Element(PathNode node, long index)
        {
            if (node.Value.ValueKind != JsonValueKind.Array)
            {
                return [];
            }

            var length = node.Value.GetArrayLength();
            var place = index < 0 ? length + index : index;
            return place >= 0 && place < length ? [new PathNode(node.Value[(int)place], node, Name: null, (int)place)] : [];
        }

        /// <summary>RFC 9535, section 2.3.4.2.2.</summary>
        private IEnumerable<PathNode> Slice(PathNode node, SliceSelector slice)
        {
            if (node.Value.ValueKind != JsonValueKind.Array || slice.Step == 0)
            {
                yield break;
            }

            long length = node.Value.GetArrayLength();
            var up = slice.Step > 0;
            long Normal(long place) => place >= 0 ? place : length + place;
            var start = Normal(slice.Start ?? (up ? 0 : length - 1));
            var end = slice.End is { } given ? Normal(given) : up ? length : -1;
            var lower = up ? Math.Clamp(start, 0, length) : Math.Clamp(end, -1, length - 1);
            var upper = up ? Math.Clamp(end, 0, length) : Math.Clamp(start, -1, length - 1);
            for (var place = up ? lower : upper; up ? place < upper : place > lower; place += slice.Step)
            {
                Count();
                yield return new PathNode(node.Value[(int)place], node, Name: null, (int)place);
            }
        }

        private IEnumerable<PathNode> Counted(IEnumerable<PathNode> nodes)
        {
            foreach (var node in nodes)
            {
                Count();
                yield return node;
            }
        }

        private void Count()
        {
            if (++_steps > MostSteps)
            {
                throw new PathTooCostly();
            }

            if (_steps % 1024 == 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}

/// <summary>A query would look at too many nodes.</summary>
internal sealed class PathTooCostly() : Exception($"The query would look at more than {PathQuery.MostSteps} values.");
