using System.Text.RegularExpressions;

namespace Minion.Tools.Policies;

/// <summary>
/// Reads conditions: <c>or</c> binds less than <c>and</c>, and that less than <c>not</c>; parentheses group. Values with spaces, commas or
/// words of the language stand in quotes.
/// </summary>
internal sealed partial class ConditionParser
{
    private const int Longest = 1000;
    private const int Deepest = 20;
    private const string Expected = "expected is for example 'path under /workspace', 'host in example.com', 'amount < 100' or 'tainted and irreversible'";

    private static readonly string[] Operators = ["=", "!=", "<", "<=", ">", ">=", "in", "under", "matches"];
    private readonly List<(string Text, bool Quoted)> _tokens = [];
    private int _next;
    private int _depth;

    public ConditionParser(string text)
    {
        if (text.Length > Longest)
        {
            throw new FormatException($"has {text.Length} characters; at most {Longest} are allowed");
        }

        var end = 0;
        foreach (Match match in Tokens().Matches(text))
        {
            if (match.Index != end && text[end..match.Index].Trim().Length > 0)
            {
                throw new FormatException($"has '{text[end..match.Index].Trim()}', which cannot be read; {Expected}");
            }

            end = match.Index + match.Length;
            var quoted = match.Groups["quoted"];
            _tokens.Add(quoted.Success ? (quoted.Value, true) : (match.Value, false));
        }

        if (text[end..].Trim().Length > 0)
        {
            throw new FormatException($"has '{text[end..].Trim()}', which cannot be read; {Expected}");
        }
    }

    public static bool IsNumber(string text) => Number().IsMatch(text);

    public Condition Parse()
    {
        var condition = Or();
        return _next == _tokens.Count ? condition : throw new FormatException($"goes on with '{_tokens[_next].Text}' where it should end; {Expected}");
    }

    private Condition Or()
    {
        var condition = And();
        while (Take("or"))
        {
            condition = new AnyOf(condition, And());
        }

        return condition;
    }

    private Condition And()
    {
        var condition = Not();
        while (Take("and"))
        {
            condition = new AllOf(condition, Not());
        }

        return condition;
    }

    private Condition Not()
    {
        if (++_depth > Deepest)
        {
            throw new FormatException($"is nested more than {Deepest} deep");
        }

        try
        {
            if (Take("not"))
            {
                return new NotOf(Not());
            }

            if (Take("("))
            {
                var inner = Or();
                return Take(")") ? inner : throw new FormatException("has a '(' without its ')'");
            }

            return Term();
        }
        finally
        {
            _depth--;
        }
    }

    private Condition Term()
    {
        if (Take("exists"))
        {
            return new ExistsCondition(Argument());
        }

        if (_next < _tokens.Count && !_tokens[_next].Quoted && FactCondition.Words.Contains(_tokens[_next].Text) && !(_next + 1 < _tokens.Count && Operators.Contains(_tokens[_next + 1].Text)))
        {
            return new FactCondition(_tokens[_next++].Text);
        }

        var argument = Argument();
        var word = _next < _tokens.Count && !_tokens[_next].Quoted ? _tokens[_next].Text : "";
        if (!Operators.Contains(word))
        {
            throw new FormatException($"needs one of {string.Join(", ", Operators)} after '{argument}'; {Expected}");
        }

        _next++;
        var values = new List<string> { Value(word) };
        while (word is "in" or "under" && Take(","))
        {
            values.Add(Value(word));
        }

        if (word is "<" or "<=" or ">" or ">=" && !IsNumber(values[0]))
        {
            throw new FormatException($"compares '{argument}' with '{values[0]}', which is no number");
        }

        return new Comparison(argument, word, values);
    }

    private string Argument() =>
        _next < _tokens.Count && ArgumentName().IsMatch(_tokens[_next].Text)
            ? _tokens[_next++].Text
            : throw new FormatException($"needs the name of an argument{(_next < _tokens.Count ? $", not '{_tokens[_next].Text}'" : " at its end")}; {Expected}");

    private string Value(string word) =>
        _next < _tokens.Count && (_tokens[_next].Quoted || _tokens[_next].Text is not ("," or "(" or ")" or "and" or "or" or "not"))
            ? _tokens[_next++].Text
            : throw new FormatException($"needs a value after '{word}'");

    private bool Take(string word)
    {
        if (_next < _tokens.Count && !_tokens[_next].Quoted && _tokens[_next].Text == word)
        {
            _next++;
            return true;
        }

        return false;
    }

    [GeneratedRegex("""
        "(?<quoted>[^"]*)"|'(?<quoted>[^']*)'|<=|>=|!=|=|<|>|,|\(|\)|[^\s,()<>=!"']+
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"^-?(0|[1-9]\d{0,30})(\.\d{1,30})?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"^[\p{L}_$@][\w$@-]*(\.[\w$@-]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ArgumentName();
}
