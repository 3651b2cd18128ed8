echo "a'b" 'c"d' $'e\'f' $"g" a\ b \' \" "\$x \` \" \\" "$(echo ")")" '' ""
echo "${x:-"a b"}" ${y:+'}'} "${z//\"/'}" "${w:-it's}" ${v%%[0-9]*} ${#u} ${!t} "${s[@]:1:2}" ${r^^}
x=`echo $(date)` y="`pwd`" z=$(( (1 + 2) * $(nproc) )) w=$(( x > 1 ? 2 : 3 ))
a+=(b) c[1]=d e["f g"]=h i=(
  [j]=k  # a comment
  "l m"
)
f() (pip list)
g () if true; then pip list; fi
function h() { :; } >/dev/null
function i { pip list; }
select x in a b; do break; done
for ((i = 0; i < 3; i++)) do pip list; done
for x; do pip list; done
for y in *.txt; { pip list; }
for z
in a b
do pip list
done
case $x in (a) pip list ;& b | c) ;; *) pip freeze; esac
case "$(pip list)" in esac
[[ $x =~ ^([0-9]+)\.([0-9]+)$ || ( -n $y && $z < 3 ) ]] && pip list
! true
a && \
  b ||
  c |

  # between
  d
(( x == 1 )) && pip list; ( (pip list); pip freeze)
{ pip list; } | ( pip freeze ) & pip check
if ! pip list; then :; elif pip freeze && pip check; then :; fi
while true & pip list; do (pip check); done
echo a#b; echo $# ${#} $$ $! $? $- $* $@ $0 $1 ${10}
echo {a,b}{1..3} a{b {c} ~ ~x *.py [a-c]? @(a|b) !(c|"d e")
echo $( (a); b) $(# comment with )
pip list) $(case x in x) pip list;; esac)
eval "pip list" ; time pip install x
2>log pip install y >out A=b
