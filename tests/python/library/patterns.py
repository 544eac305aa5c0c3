import re

m = re.match(r'(?P<year>\d{4})-(?P<month>\d\d)(-(\d\d))?', '2020-01 and more')
print(m.group(), m.groups(), m.groupdict(), m.span('month'), m['year'], m.start(), m.end(), m.lastgroup)
print(re.sub(r'(\w+) (\w+)', r'\2 \1', 'hello world again twice'), re.sub('a', lambda x: x.group().upper(), 'banana', count=2))
print(re.split(r'[,;]\s*', 'a, b;c'), re.split('(-)', 'a-b-c', maxsplit=1), re.findall(r'(\d+)-(\d+)', '1-2 33-44'))
print(re.escape('a.b*c d-e_f/g'), re.search('NEEDLE', 'a needle', re.I), re.fullmatch('a|ab', 'ab'), re.search('x', 'y'))
print(re.compile(r'''(?x) a   # comment
                         b+ ''').findall('abb ab'), re.findall(r'^\w+', 'ab cd\nef', re.M), re.sub('^', '> ', 'a\nb', flags=re.M))
print(re.findall(r'<.+?>', '<a><b>'), re.findall(r'<.+>', '<a><b>'), re.findall(r'(?<=\$)\d+(?!\d|%)', '$10 $20% 30'))
print(re.sub('x*', '-', 'abxd'), re.findall(r'\bfoo\b', 'foo foobar foo'), re.findall(r'(a)(b)?', 'abac'))
print([x.span() for x in re.finditer(r'(ab)+', 'ababxab')], re.match(r'(.)\1', 'aab'), re.search(r'(?s)a.b', 'a\nb').group())
print(re.sub(r'\s+', ' ', '  SELECT\n\t1 '), re.sub('(?P<n>b)', r'[\g<n>\g<1>\n]', 'abc'), re.subn('a', 'b', 'aaa'))
print(re.sub(r'([a-z0-9])([A-Z])', r'\1_\2', 'camelCaseName').lower(), re.compile('a').pattern, re.search('é+', 'caféé').span())
for bad in ('(', 'a**', '[', '*', ')', '(?P<a>x)(?P<a>y)', r'\q', 'a{2,1}', '[b-a]', '(?<=a*)b', r'(\1)', '^*'):
    try:
        print(re.compile(bad))
    except re.error as e:
        print(e)
