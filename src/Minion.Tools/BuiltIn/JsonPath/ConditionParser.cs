using System.Text.Json;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>Reads the condition of a filter (RFC 9535, section 2.3.5), with the types of its functions (section 2.4.1).</summary>
internal sealed class ConditionParser(PathText text, Func<List<Segment>> segments)
{
    private const int Deepest = 50;
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">"];

    private int _depth;

    public Condition Condition()
    {
        if (++_depth > Deepest)
        {
            throw text.Error("the condition is nested too deeply");
        }

        var any = Several(() => Several(Basic, "&&", parts => new AllOf(parts)), "||", parts => new AnyOf(parts));
        _depth--;
        return any;
    }

    private Condition Several(Func<Condition> one, string between, Func<List<Condition>, Condition> together)
    {
        var parts = new List<Condition> { one() };
        while (true)
        {
            var before = text.At;
            text.SkipBlank();
            if (!text.Take(between))
            {
                text.GoBack(before);
                return parts.Count == 1 ? parts[0] : together(parts);
            }

            text.SkipBlank();
            parts.Add(one());
        }
    }

    private Condition Basic()
    {
        if (text.Next == '!' && !text.Starts("!="))
        {
            text.Expect("!");
            text.SkipBlank();
            var negated = text.Next == '(' ? Parenthesized() : Test(Operand());
            return new Not(negated);
        }

        if (text.Next == '(')
        {
            return Parenthesized();
        }

        var left = Operand();
        var before = text.At;
        text.SkipBlank();
        if (Array.Find(Operators, text.Take) is not { } op)
        {
            text.GoBack(before);
            return Test(left);
        }

        text.SkipBlank();
        var right = Operand();
        return new Comparison(Comparable(left), op, Comparable(right));
    }

    private Condition Parenthesized()
    {
        text.Expect("(");
        text.SkipBlank();
        var condition = Condition();
        text.SkipBlank();
        text.Expect(")");
        return condition;
    }

    private Condition Test(Operand operand) => operand switch
    {
        QueryOperand query => new Exists(query),
        FunctionOperand { Function: PathFunction.Match or PathFunction.Search } function => new Holds(function),
        FunctionOperand => throw text.Error("what this function gives must be compared with something"),
        _ => throw text.Error("a value alone is no condition; compare it with something"),
    };

    private Operand Comparable(Operand operand) => operand switch
    {
        QueryOperand { IsSingular: false } => throw text.Error("only a query that gives one value at most can be compared"),
        FunctionOperand { Function: PathFunction.Match or PathFunction.Search } => throw text.Error("match and search say yes or no and cannot be compared"),
        _ => operand,
    };

    private Operand Operand()
    {
        switch (text.Next)
        {
            case '@':
                text.Expect("@");
                return new QueryOperand(FromRoot: false, segments());
            case '$':
                text.Expect("$");
                return new QueryOperand(FromRoot: true, segments());
            case '\'' or '"':
                return new LiteralOperand(JsonSerializer.SerializeToElement(text.Quoted(), PathJson.Default.String));
            case '-' or (>= '0' and <= '9'):
                return new LiteralOperand(text.Number());
            default:
                return Word();
        }
    }

    private Operand Word()
    {
        var word = char.IsAsciiLetterLower(text.Next) ? text.Name()
            : throw text.Error(text.IsAtEnd ? "the path ends inside a condition" : $"'{text.Next}' is not expected in a condition");
        return word switch
        {
            "true" or "false" or "null" when text.Next != '(' => new LiteralOperand(JsonElement.Parse(word)),
            "length" => Function(PathFunction.Length, 1),
            "count" => Function(PathFunction.Count, 1),
            "match" => Function(PathFunction.Match, 2),
            "search" => Function(PathFunction.Search, 2),
            "value" => Function(PathFunction.Value, 1),
            _ => throw text.Error($"there is no '{word}'; the functions are length, count, match, search and value"),
        };
    }

    private FunctionOperand Function(PathFunction function, int count)
    {
        if (++_depth > Deepest)
        {
            throw text.Error("the condition is nested too deeply");
        }

        text.Expect("(");
        var arguments = new List<Operand>();
        text.SkipBlank();
        if (text.Next != ')')
        {
            do
            {
                text.SkipBlank();
                arguments.Add(Operand());
                text.SkipBlank();
            }
            while (text.Take(","));
        }

        text.Expect(")");
        _depth--;
        if (arguments.Count != count)
        {
            throw text.Error($"the function takes {count} arguments, not {arguments.Count}");
        }

        return function is PathFunction.Count or PathFunction.Value
            ? arguments[0] is QueryOperand ? new FunctionOperand(function, arguments) : throw text.Error("count and value take a query")
            : new FunctionOperand(function, [.. arguments.Select(Comparable)]);
    }
}
