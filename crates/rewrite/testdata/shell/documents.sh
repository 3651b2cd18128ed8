cat <<EOF >requirements.txt
flask==$FLASK
# pip install $(cat version) `head -1 x`
EOF
cat <<'EOF' | python -
print("$(not run)")
EOF
	python - <<-END && pip install x
	import sys
	END
pip install -r /dev/stdin <<< "requests
flask"
cat <<A; cat <<\B
a $(pip freeze)
A
b $(pip freeze)
B
{ cat; pip list; } <<X 2>&1
$(pip cache dir)
X
if true; then cat <<Y; fi
y
Y
diff <(pip freeze) <(sort "${1:-requirements.txt}") > >(tee log) || exit
pip list &>/dev/null; pip list >|x 2>>y <z {fd}>w 3<&0 4>&-
