using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Minion.Yaml;

/// <summary>
/// Reads one YAML document (or JSON, which is YAML) into nodes that know their place. Aliases and tags are refused, depth and length of keys are
/// bounded: what comes out is never bigger than what went in.
/// </summary>
public sealed class YamlTree
{
    private const int DeepestNesting = 40;
    private const int LongestKey = 128;
    private readonly IParser _parser;
    private readonly Problems _problems;

    private YamlTree(IParser parser, Problems problems)
    {
        _parser = parser;
        _problems = problems;
    }

    /// <summary>The document's root; null when there is nothing to work with, which <paramref name="problems"/> then explain.</summary>
    /// <param name="content">The file.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="beginning">What such a file starts with, for who gives an empty one.</param>
    public static YamlNode? Parse(string content, Problems problems, string beginning)
    {
        content = content.StartsWith('\uFEFF') ? content[1..] : content;
        if (FindControlCharacter(content) is { } at)
        {
            problems.Add(at, "", "a control character stands here; write it as an escape in double quotes, or remove it");
            return null;
        }

        try
        {
            return new YamlTree(new Parser(new StringReader(content)), problems).Document(beginning);
        }
        catch (StoppedException stopped)
        {
            problems.Add(stopped.Position, "", stopped.Message);
            return null;
        }
        catch (YamlException e)
        {
            var tab = FindTab(content, At(e.Start).Line, At(e.End).Line);
            problems.Add(tab ?? At(e.Start), "", "this is not YAML: " + (tab is null ? Explain(e) : "the line is indented with a tab; use spaces"));
            return null;
        }
    }

    private YamlNode? Document(string beginning)
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _problems.Add(Position.Start, "", $"the file is empty; it must start with '{beginning}'");
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = Node(YamlPath.Root, 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var another))
        {
            _problems.Add(At(another.Start), "", "a second document starts here; a file holds one: put the other into a file of its own");
        }

        return root;
    }

    private YamlNode Node(YamlPath path, int depth)
    {
        var at = At(_parser.Current!.Start);
        if (depth > DeepestNesting)
        {
            throw new StoppedException(at, $"nested more than {DeepestNesting} levels deep");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            _problems.Add(at, path, $"aliases are not allowed: write the value out instead of '*{Quoted.Cut(alias.Value.Value, 40)}'");
            return new YamlScalar(path, at, "", isPlain: true);
        }

        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            _problems.Add(at, path, $"tags are not allowed: remove {Quoted.Of(tagged.Tag.Value)}");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar(path, at, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        return _parser.TryConsume<SequenceStart>(out _) ? List(path, at, depth) : Map(path, at, depth);
    }

    private YamlList List(YamlPath path, Position at, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(path.Item(items.Count), depth + 1));
        }

        return new YamlList(path, at, items);
    }

    private YamlMap Map(YamlPath path, Position at, int depth)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, Position>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyAt = At(_parser.Current!.Start);
            var key = Key(path, keyAt, depth);
            var value = Node(key is null ? path : path.Key(key), depth + 1);
            if (key is null)
            {
                continue;
            }

            if (seen.TryAdd(key, keyAt))
            {
                entries.Add(new YamlEntry(key, keyAt, value));
            }
            else
            {
                _problems.Add(keyAt, path.Key(key), $"stands here a second time; the first is in line {seen[key].Line}");
            }
        }

        return new YamlMap(path, at, entries);
    }

    private string? Key(YamlPath path, Position at, int depth)
    {
        if (Node(path, depth + 1) is not YamlScalar { Text.Length: > 0 and <= LongestKey } key || StorableText.Problems(key.Text).Any())
        {
            _problems.Add(at, path, $"a key must be text of 1 to {LongestKey} characters");
            return null;
        }

        return key.Text;
    }

    /// <summary>The parser takes NUL for the end of the file and lets the others pass; YAML 1.2, section 5.1 forbids them.</summary>
    private static Position? FindControlCharacter(string content)
    {
        var (line, lineStart) = (1, 0);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\n')
            {
                (line, lineStart) = (line + 1, i + 1);
            }
            else if (content[i] < ' ' && content[i] is not ('\t' or '\r') || content[i] == '\u007F')
            {
                return new Position(line, i - lineStart + 1);
            }
        }

        return null;
    }

    private static string Explain(YamlException e) => Quoted.Cut(e.InnerException is null ? e.Message : e.InnerException.Message, 200);

    /// <summary>The parser complains of the value before the tab, or of what it reads after it.</summary>
    private static Position? FindTab(string content, int firstLine, int lastLine)
    {
        var number = 0;
        foreach (var line in content.AsSpan().EnumerateLines())
        {
            number++;
            if (number >= firstLine && line[..^line.TrimStart().Length].Contains('\t'))
            {
                return new Position(number, 1);
            }

            if (number > lastLine)
            {
                return null;
            }
        }

        return null;
    }

    private static Position At(Mark mark) => new((int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1));

    private sealed class StoppedException(Position position, string message) : Exception(message)
    {
        public Position Position => position;
    }
}
