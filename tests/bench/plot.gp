# What each subject did a second: median, least and most. Given: data, out.
set terminal svg size 900,620 font "sans,12" background "white"
set output out
set datafile separator "\t"
set logscale x
set xlabel "a second (logarithmic): median, least and most of the rounds"
set yrange [-1:*] reverse
set grid xtics
set lmargin 46
unset key
plot data using 2:0:3:4:ytic(1) every ::1 with xerrorbars pointtype 7 pointsize 0.7 linecolor rgb "#225577"
